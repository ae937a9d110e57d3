package dev.escala.archive;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;

/** A file of a folder. */
final class LocalFile {
  private LocalFile() {}

  private static Path path(String location) {
    return location.startsWith("file:") ? Path.of(URI.create(location)) : Path.of(location);
  }

  static void delete(String location) {
    try {
      Files.deleteIfExists(path(location));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A second name of a file that is complete: nobody sees less than all of it. */
  static boolean create(String location, byte[] content) throws IOException {
    Path target = path(location);
    Files.createDirectories(target.getParent());
    Path written = Files.createTempFile(target.getParent(), ".made", ".tmp");
    try {
      Files.write(written, content);
      Files.createLink(target, written);
      return true;
    } catch (FileAlreadyExistsException another) {
      return false;
    } finally {
      Files.delete(written);
    }
  }

  /** To be read. */
  record In(String location) implements InputFile {
    @Override
    public long getLength() {
      try {
        return Files.size(path(location));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public SeekableInputStream newStream() {
      try {
        return new Reading(new RandomAccessFile(path(location).toFile(), "r"));
      } catch (FileNotFoundException missing) {
        throw new NotFoundException(missing, "There is no file %s", location);
      }
    }

    @Override
    public boolean exists() {
      return Files.exists(path(location));
    }
  }

  /** To be written; what is there is replaced. */
  record Out(String location) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      try {
        Files.createDirectories(path(location).getParent());
        RandomAccessFile file = new RandomAccessFile(path(location).toFile(), "rw");
        file.setLength(0);
        return new Writing(file);
      } catch (NoSuchFileException | FileNotFoundException missing) {
        throw new NotFoundException(missing, "%s cannot be written", location);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public InputFile toInputFile() {
      return new In(location);
    }
  }

  private static final class Reading extends SeekableInputStream {
    private final RandomAccessFile file;

    Reading(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public long getPos() throws IOException {
      return file.getFilePointer();
    }

    @Override
    public void seek(long position) throws IOException {
      file.seek(position);
    }

    @Override
    public int read() throws IOException {
      return file.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return file.read(into, offset, length);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Complete on the disk when it is closed. */
  private static final class Writing extends PositionOutputStream {
    private final RandomAccessFile file;
    private long position;

    Writing(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int octet) throws IOException {
      file.write(octet);
      position++;
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      file.write(octets, offset, length);
      position += length;
    }

    @Override
    public void close() throws IOException {
      if (file.getChannel().isOpen()) {
        file.getChannel().force(true);
        file.close();
      }
    }
  }
}
