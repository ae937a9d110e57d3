package dev.escala.source.http;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks a body of gzip members (RFC 1952), one after the other in a loop: the JDK's stream calls
 * itself for each member, and ends in an overflow of the stack where there are many.
 */
final class Gzip implements Unpacker {
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

  Gzip(byte[] body) {
    this.body = body;
  }

  @Override
  public int read(byte[] target, int from) throws DataFormatException, RequestRefused {
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
    members++;
    Unpacker.requireFew(members, "gzip members");
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
