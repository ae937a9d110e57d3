package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import java.util.zip.DataFormatException;

/** A packed body, unpacked from its beginning to its end. Of one thread. */
interface Unpacker extends AutoCloseable {
  /** So many gzip members or zstd frames; block gzip, of 64 KiB each, has 1,024 for 64 MiB. */
  int MOST_PARTS = 4_096;

  /** Unpacks the next octets to this place; how many, or -1 at the end. */
  int read(byte[] target, int from) throws DataFormatException, RequestRefused;

  @Override
  void close();

  /** Refuses a body of too many parts that follow each other. */
  static void requireFew(int parts, String name) throws RequestRefused {
    if (parts > MOST_PARTS) {
      throw new RequestRefused(
          ErrorCode.ESC110,
          "The body has more than %,d %s".formatted(MOST_PARTS, name),
          "Pack it as one.");
    }
  }
}
