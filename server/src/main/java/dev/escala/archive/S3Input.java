package dev.escala.archive;

import java.io.IOException;
import java.io.InputStream;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** An object of S3 that is read, from any octet on. */
record S3Input(S3Client client, String location) implements InputFile {
  private static final int NOT_FOUND = 404;

  private S3Place place() {
    return S3Place.of(location);
  }

  @Override
  public long getLength() {
    try {
      return client
          .headObject(request -> request.bucket(place().bucket()).key(place().key()))
          .contentLength();
    } catch (NoSuchKeyException none) {
      throw new NotFoundException(none, "There is no object %s", location);
    }
  }

  @Override
  public boolean exists() {
    try {
      return getLength() >= 0;
    } catch (NotFoundException none) {
      return false;
    } catch (S3Exception answer) {
      if (answer.statusCode() == NOT_FOUND) {
        return false;
      }
      throw answer;
    }
  }

  @Override
  public SeekableInputStream newStream() {
    return new Reading();
  }

  /** Asks anew where another octet is wanted than the next. */
  private final class Reading extends SeekableInputStream {
    private @Nullable InputStream open;
    private long position;

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long wanted) throws IOException {
      if (wanted != position) {
        close();
        position = wanted;
      }
    }

    private InputStream open() {
      if (open == null) {
        try {
          open =
              client.getObject(
                  request ->
                      request
                          .bucket(place().bucket())
                          .key(place().key())
                          .range("bytes=%d-".formatted(position)));
        } catch (NoSuchKeyException none) {
          throw new NotFoundException(none, "There is no object %s", location);
        }
      }
      return open;
    }

    @Override
    public int read() throws IOException {
      int octet = open().read();
      position += octet < 0 ? 0 : 1;
      return octet;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = open().read(into, offset, length);
      position += Math.max(count, 0);
      return count;
    }

    /** The rest of an answer is not waited for. */
    @Override
    public void close() throws IOException {
      if (open instanceof Abortable answer) {
        answer.abort();
      }
      if (open != null) {
        open.close();
        open = null;
      }
    }
  }
}
