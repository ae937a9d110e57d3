package dev.escala.serve.rows;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Octets of an answer while it is written: a growing array, given away without a copy. */
public final class Bytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DIGIT_PAIRS = digitPairs();
  private static final int MAX_LONG_DIGITS = 20;

  /** Of a text so many characters are given room at a time: for the worst that they may become. */
  private static final int SLICE = 1 << 14;

  /** From here on an array is not doubled: what is unused would cost more than the copies. */
  private static final int LARGE = 4 << 20;

  /** More than this at the end of an array that is given away is not kept for nothing. */
  private static final int MOST_UNUSED = 256 << 10;

  private byte[] array;
  private int length;

  public Bytes(int capacity) {
    array = new byte[capacity];
  }

  private static byte[] digitPairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (byte) ('0' + i / 10);
      pairs[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  public int length() {
    return length;
  }

  /** Forgets all beyond an earlier length. */
  public void truncate(int earlier) {
    length = earlier;
  }

  /** Wraps the octets; these bytes must not be written to any more. */
  public Buffer toBuffer() {
    if (array.length - length > MOST_UNUSED) {
      array = Arrays.copyOf(array, length);
    }
    return BufferInternal.buffer(Unpooled.wrappedBuffer(array).writerIndex(length));
  }

  private void ensure(int more) {
    if (array.length - length < more) {
      int grown = array.length < LARGE ? array.length * 2 : array.length + array.length / 4;
      array = Arrays.copyOf(array, Math.max(grown, length + more));
    }
  }

  public Bytes octet(int value) {
    ensure(1);
    array[length++] = (byte) value;
    return this;
  }

  public Bytes octets(byte[] value) {
    return octets(value, value.length);
  }

  /** The first octets of an array. */
  public Bytes octets(byte[] value, int count) {
    ensure(count);
    System.arraycopy(value, 0, array, length, count);
    length += count;
    return this;
  }

  /** A text of ASCII characters, as it is. */
  public Bytes ascii(String text) {
    ensure(text.length());
    for (int i = 0; i < text.length(); i++) {
      array[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  /** A text as UTF-8, as it is. */
  public Bytes text(String text) {
    int i = 0;
    while (i < text.length()) {
      int end = Math.min(text.length(), i + SLICE);
      ensure(3 * (end - i) + 1); // the last may be half of a pair
      for (; i < end; i++) {
        char c = text.charAt(i);
        if (c < 0x80) {
          array[length++] = (byte) c;
        } else {
          i = wide(text, i, c);
        }
      }
    }
    return this;
  }

  /** A text as a JSON string, with its quotes; escapes as PostgreSQL's {@code to_json} does. */
  public Bytes json(String text) {
    octet('"');
    int i = 0;
    while (i < text.length()) {
      int end = Math.min(text.length(), i + SLICE);
      ensure(6 * (end - i) + 1);
      for (; i < end; i++) {
        char c = text.charAt(i);
        if (c >= 0x80) {
          i = wide(text, i, c);
        } else if (c >= 0x20 && c != '"' && c != '\\') {
          array[length++] = (byte) c;
        } else {
          escaped(c);
        }
      }
    }
    return octet('"');
  }

  private void escaped(char c) {
    array[length++] = '\\';
    switch (c) {
      case '"', '\\' -> array[length++] = (byte) c;
      case '\b' -> array[length++] = 'b';
      case '\f' -> array[length++] = 'f';
      case '\n' -> array[length++] = 'n';
      case '\r' -> array[length++] = 'r';
      case '\t' -> array[length++] = 't';
      default -> {
        array[length++] = 'u';
        array[length++] = '0';
        array[length++] = '0';
        array[length++] = HEX[c >> 4];
        array[length++] = HEX[c & 15];
      }
    }
  }

  /** Two to four octets; gives the index of the last character that was used. */
  private int wide(String text, int i, char c) {
    if (c < 0x800) {
      array[length++] = (byte) (0xc0 | (c >> 6));
    } else if (Character.isSurrogate(c)) {
      int point = text.codePointAt(i);
      array[length++] = (byte) (0xf0 | (point >> 18));
      array[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
      array[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
      array[length++] = (byte) (0x80 | (point & 0x3f));
      return i + 1;
    } else {
      array[length++] = (byte) (0xe0 | (c >> 12));
      array[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
    }
    array[length++] = (byte) (0x80 | (c & 0x3f));
    return i;
  }

  public Bytes number(long value) {
    ensure(MAX_LONG_DIGITS);
    if (value == Long.MIN_VALUE) {
      return ascii("-9223372036854775808");
    }
    long rest = value;
    if (rest < 0) {
      array[length++] = '-';
      rest = -rest;
    }
    int digits = 1;
    for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
      digits++;
    }
    digits(rest, digits);
    return this;
  }

  /** A number that is not negative, with leading zeros up to so many digits. */
  public Bytes padded(long value, int digits) {
    ensure(digits);
    digits(value, digits);
    return this;
  }

  private void digits(long value, int digits) {
    long rest = value;
    int at = length + digits;
    length = at;
    for (; digits >= 2; digits -= 2) {
      int pair = (int) (rest % 100) * 2;
      rest /= 100;
      array[--at] = DIGIT_PAIRS[pair + 1];
      array[--at] = DIGIT_PAIRS[pair];
    }
    if (digits == 1) {
      array[--at] = (byte) ('0' + rest % 10);
    }
  }

  public Bytes uuid(UUID uuid) {
    long high = uuid.getMostSignificantBits();
    long low = uuid.getLeastSignificantBits();
    ensure(36);
    hex(high >>> 32, 8).octet('-').hex(high >>> 16, 4).octet('-').hex(high, 4);
    return octet('-').hex(low >>> 48, 4).octet('-').hex(low, 12);
  }

  private Bytes hex(long value, int digits) {
    for (int shift = 4 * digits - 4; shift >= 0; shift -= 4) {
      array[length++] = HEX[(int) (value >>> shift) & 15];
    }
    return this;
  }
}
