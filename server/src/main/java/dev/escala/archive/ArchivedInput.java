package dev.escala.archive;

import dev.hardwood.InputFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * A file of the archive as the reader of Parquet sees it; ranges are read as they are asked for.
 */
final class ArchivedInput implements InputFile {
  private final org.apache.iceberg.io.InputFile file;
  private final long length;

  ArchivedInput(org.apache.iceberg.io.InputFile file) {
    this.file = file;
    this.length = file.getLength();
  }

  @Override
  public void open() {}

  /** By several threads at once: each opens a stream of its own. */
  @Override
  public ByteBuffer readRange(long offset, int octets) throws IOException {
    if (octets <= 0 || offset < 0 || offset + octets > length) {
      throw new EOFException("%s ends at octet %,d".formatted(file.location(), length));
    }
    try (SeekableInputStream in = file.newStream()) {
      in.seek(offset);
      byte[] read = in.readNBytes(octets);
      if (read.length < octets) {
        throw new EOFException("%s ends within a page".formatted(file.location()));
      }
      return ByteBuffer.wrap(read);
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public String name() {
    return file.location();
  }

  @Override
  public void close() {}
}
