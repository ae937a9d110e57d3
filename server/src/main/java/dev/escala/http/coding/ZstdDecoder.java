package dev.escala.http.coding;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.DataFormatException;

/** Unpacks frames of Zstandard that follow each other. Of one thread. */
public final class ZstdDecoder implements AutoCloseable {
  private final ZstdInputStreamNoFinalizer unpacked;

  public ZstdDecoder(byte[] body) {
    try {
      unpacked = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(body));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // nothing is read yet
    }
  }

  /**
   * Unpacks the next octets to this place; how many, or -1 at the end.
   *
   * @throws DataFormatException where they are malformed
   */
  public int read(byte[] target, int from) throws DataFormatException {
    try {
      return unpacked.read(target, from, target.length - from);
    } catch (ZstdIOException malformed) {
      throw new DataFormatException(malformed.getMessage());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is all in memory
    }
  }

  @Override
  public void close() {
    try {
      unpacked.close();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is all in memory
    }
  }
}
