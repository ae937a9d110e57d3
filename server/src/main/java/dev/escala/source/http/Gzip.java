package dev.escala.source.http;

import dev.escala.http.ErrorCode;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks a body of gzip members (RFC 1952), one after the other in a loop: the JDK's stream calls
 * itself for each member, and ends in an overflow of the stack where there are many.
 */
final class Gzip implements AutoCloseable {
  /** Block gzip, which packs 64 KiB into each member, needs 1,024 for 64 MiB. */
  static final int MOST_MEMBERS = 4_096;

  /** JSON that repeats itself is packed to a hundredth; zeros to a thousandth. */
  static final int MOST_RATIO = 200;

  /** So much may come out of any body, however small it is. */
  private static final int ANY_RATIO_BYTES = 1 << 20;

  private static final int STEP_BYTES = 1 << 16;

  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int FIXED_REST = 6;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final byte[] body;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int position;
  private int members;
  private boolean inMember;

  private Gzip(byte[] body) {
    this.body = body;
  }

  /**
   * How long the body is unpacked, without keeping any of it.
   *
   * @throws RequestRefused where it is malformed, or more than the limits would come out
   */
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it makes large bodies polite
  static int length(byte[] body, int maxBytes) throws RequestRefused {
    byte[] step = new byte[STEP_BYTES];
    long most = Math.max(ANY_RATIO_BYTES, (long) MOST_RATIO * body.length);
    try (Gzip gzip = new Gzip(body)) {
      long length = 0;
      for (int next = gzip.read(step, 0); next >= 0; next = gzip.read(step, 0)) {
        length += next;
        requireAtMost(length, maxBytes, most);
        // Who has less to unpack is not kept waiting.
        Thread.yield();
      }
      return (int) length;
    } catch (DataFormatException malformed) {
      throw malformed();
    }
  }

  /** The body unpacked, whose length is known. */
  static byte[] unpacked(byte[] body, int length) throws RequestRefused {
    byte[] unpacked = new byte[length];
    try (Gzip gzip = new Gzip(body)) {
      int filled = 0;
      while (filled < length) {
        filled += gzip.read(unpacked, filled);
      }
      return unpacked;
    } catch (DataFormatException malformed) {
      throw malformed();
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

  private static RequestRefused malformed() {
    return new RequestRefused(
        ErrorCode.ESC112, "The body is not well-formed gzip, or is not complete", "Send it again.");
  }

  /** Unpacks the next octets to this place; how many, or -1 at the end of the last member. */
  private int read(byte[] target, int from) throws DataFormatException, RequestRefused {
    while (true) {
      if (!inMember && position == body.length && members > 0) {
        return -1;
      }
      if (!inMember) {
        begin();
      }
      int read = inflater.inflate(target, from, target.length - from);
      if (read > 0) {
        crc.update(target, from, read);
        return read;
      }
      if (!inflater.finished()) {
        throw new DataFormatException("not complete");
      }
      end();
    }
  }

  private void begin() throws DataFormatException, RequestRefused {
    if (++members > MOST_MEMBERS) {
      throw new RequestRefused(
          ErrorCode.ESC110,
          "The body has more than %,d gzip members".formatted(MOST_MEMBERS),
          "Pack it as one.");
    }
    header();
    inflater.reset();
    inflater.setInput(body, position, body.length - position);
    crc.reset();
    inMember = true;
  }

  private void header() throws DataFormatException {
    require(next() == MAGIC_1 && next() == MAGIC_2 && next() == DEFLATE);
    int flags = next();
    require((flags & RESERVED) == 0);
    skip(FIXED_REST);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void end() throws DataFormatException {
    position = body.length - inflater.getRemaining();
    require(number() == crc.getValue());
    require(number() == (inflater.getBytesWritten() & 0xffff_ffffL));
    inMember = false;
  }

  /** Four octets, the least significant first. */
  private long number() throws DataFormatException {
    long number = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      number |= (long) next() << shift;
    }
    return number;
  }

  private int next() throws DataFormatException {
    require(position < body.length);
    return body[position++] & 0xff;
  }

  private void skip(int bytes) throws DataFormatException {
    require(bytes <= body.length - position);
    position += bytes;
  }

  private void skipText() throws DataFormatException {
    while (next() != 0) {
      // up to its end
    }
  }

  private static void require(boolean condition) throws DataFormatException {
    if (!condition) {
      throw new DataFormatException("malformed");
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
