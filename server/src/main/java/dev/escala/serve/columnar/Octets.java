package dev.escala.serve.columnar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Octets that grow, with numbers in little endian. */
final class Octets {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int FIRST = 256;

  /** From here on an array is not doubled. */
  private static final int LARGE = 1 << 20;

  private byte[] array = new byte[FIRST];
  private int length;

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  /** Forgets what stands behind an earlier length; what is large is not kept for nothing. */
  void truncate(int earlier) {
    length = earlier;
    if (earlier == 0 && array.length > LARGE) {
      array = new byte[FIRST];
    }
  }

  private void ensure(int more) {
    if (array.length - length < more) {
      int grown = array.length < LARGE ? array.length * 2 : array.length + array.length / 4;
      array = Arrays.copyOf(array, Math.max(grown, Math.addExact(length, more)));
    }
  }

  void octet(int value) {
    ensure(1);
    array[length++] = (byte) value;
  }

  void twoOctets(int value) {
    octet(value);
    octet(value >> 8);
  }

  void fourOctets(int value) {
    ensure(4);
    INT.set(array, length, value);
    length += 4;
  }

  void eightOctets(long value) {
    ensure(8);
    LONG.set(array, length, value);
    length += 8;
  }

  void octets(byte[] value) {
    octets(value, 0, value.length);
  }

  /** Some octets of an array. */
  void octets(byte[] value, int from, int count) {
    ensure(count);
    System.arraycopy(value, from, array, length, count);
    length += count;
  }

  /** A number that is not negative, in as many octets as it needs, seven bits in each. */
  void varint(int value) {
    int rest = value;
    for (; rest > 0x7f; rest >>>= 7) {
      octet((rest & 0x7f) | 0x80);
    }
    octet(rest);
  }

  /** So many octets of nothing. */
  void zeros(int count) {
    ensure(count);
    Arrays.fill(array, length, length + count, (byte) 0);
    length += count;
  }

  /** The four octets that begin there. */
  int at(int index) {
    return (int) INT.get(array, index);
  }

  /**
   * Sets one of the bits, the lowest of an octet first; those behind it are forgotten.
   *
   * @param index at most the number of bits so far
   */
  void bit(int index, boolean value) {
    if (index % 8 == 0) {
      length = index / 8;
      octet(value ? 1 : 0);
      return;
    }
    int kept = array[index / 8] & ((1 << (index % 8)) - 1);
    array[index / 8] = (byte) (value ? kept | (1 << (index % 8)) : kept);
    length = index / 8 + 1;
  }
}
