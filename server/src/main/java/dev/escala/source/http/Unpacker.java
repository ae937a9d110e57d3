package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import java.util.zip.DataFormatException;

/** A packed body, unpacked from its beginning to its end. Of one thread. */
interface Unpacker extends AutoCloseable {
  /** JSON that repeats itself is packed to a hundredth; zeros to a thousandth, and further. */
  int MOST_RATIO = 200;

  /** So many gzip members or zstd frames; block gzip, of 64 KiB each, has 1,024 for 64 MiB. */
  int MOST_PARTS = 4_096;

  /** So much may come out of any body, however small it is. */
  int ANY_RATIO_BYTES = 1 << 20;

  int STEP_BYTES = 1 << 16;

  /** Unpacks the next octets to this place; how many, or -1 at the end. */
  int read(byte[] target, int from) throws DataFormatException, RequestRefused;

  @Override
  void close();

  /**
   * How long the body is unpacked, without keeping any of it.
   *
   * @throws RequestRefused where it is malformed, or more than the limits would come out
   */
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it makes large bodies polite
  static int length(Encoding encoding, byte[] body, int maxBytes) throws RequestRefused {
    byte[] step = new byte[STEP_BYTES];
    long most = Math.max(ANY_RATIO_BYTES, (long) MOST_RATIO * body.length);
    try (Unpacker unpacker = encoding.open(body)) {
      long length = 0;
      for (int next = unpacker.read(step, 0); next >= 0; next = unpacker.read(step, 0)) {
        length += next;
        requireAtMost(length, maxBytes, most);
        // Who has less to unpack is not kept waiting.
        Thread.yield();
      }
      return (int) length;
    } catch (DataFormatException malformed) {
      throw malformed(encoding);
    }
  }

  /** The body unpacked, whose length is known. */
  static byte[] unpacked(Encoding encoding, byte[] body, int length) throws RequestRefused {
    byte[] unpacked = new byte[length];
    try (Unpacker unpacker = encoding.open(body)) {
      int filled = 0;
      while (filled < length) {
        filled += unpacker.read(unpacked, filled);
      }
      return unpacked;
    } catch (DataFormatException malformed) {
      throw malformed(encoding);
    }
  }

  private static void requireAtMost(long length, int maxBytes, long byRatio) throws RequestRefused {
    if (length > maxBytes) {
      throw new RequestRefused(
          ErrorCode.ESC110,
          "The unpacked body is larger than %,d bytes".formatted(maxBytes),
          "Send it in parts.");
    }
    if (length > byRatio) {
      throw new RequestRefused(
          ErrorCode.ESC110,
          "The body unpacks to more than %d times its size".formatted(MOST_RATIO),
          "Send it less packed, or in parts that unpack to at most 1 MiB.");
    }
  }

  private static RequestRefused malformed(Encoding encoding) {
    return new RequestRefused(
        ErrorCode.ESC112,
        "The body is not well-formed %s, or is not complete".formatted(encoding.label()),
        "Send it again.");
  }

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
