package dev.escala.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a message: a slice of an array that nobody changes any more.
 *
 * <p>Slices of one request body share its array, so that a large upload is not copied line by line.
 */
public final class Payload {
  private final byte[] array;
  private final int offset;
  private final int length;

  private Payload(byte[] array, int offset, int length) {
    if (offset < 0 || length < 0 || offset > array.length - length) {
      throw new IndexOutOfBoundsException(
          "slice " + offset + "+" + length + " of " + array.length + " bytes");
    }
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** The whole array; the caller gives it away. */
  public static Payload of(byte[] array) {
    return new Payload(array, 0, array.length);
  }

  /** A slice, offset and length in bytes; the caller gives the array away. */
  public static Payload of(byte[] array, int offset, int length) {
    return new Payload(array, offset, length);
  }

  public static Payload utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The array behind the slice; not to be changed. */
  public byte[] array() {
    return array;
  }

  public int offset() {
    return offset;
  }

  /** In bytes. */
  public int length() {
    return length;
  }

  public byte[] copy() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** The text, with U+FFFD in place of what is not UTF-8. */
  public String text() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** Says how long it is; never the content, which may be confidential. */
  @Override
  public String toString() {
    return "Payload[" + length + " bytes]";
  }
}
