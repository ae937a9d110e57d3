package dev.escala.store.postgres;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Octets in network order, one value behind the other; grows as it needs. */
final class BinaryOutput {
  private static final VarHandle INT2 =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT4 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT8 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] octets;
  private int size;

  BinaryOutput(int capacity) {
    octets = new byte[capacity];
  }

  private int room(int length) {
    int at = size;
    size = Math.addExact(size, length);
    if (size > octets.length) {
      octets = Arrays.copyOf(octets, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * size));
    }
    return at;
  }

  BinaryOutput octet(int value) {
    int at = room(1);
    octets[at] = (byte) value;
    return this;
  }

  BinaryOutput int2(int value) {
    int at = room(Short.BYTES);
    INT2.set(octets, at, (short) value);
    return this;
  }

  BinaryOutput int4(int value) {
    int at = room(Integer.BYTES);
    INT4.set(octets, at, value);
    return this;
  }

  BinaryOutput int8(long value) {
    int at = room(Long.BYTES);
    INT8.set(octets, at, value);
    return this;
  }

  BinaryOutput octets(byte[] values) {
    int at = room(values.length);
    System.arraycopy(values, 0, octets, at, values.length);
    return this;
  }

  /** In place of what was written there. */
  void int4At(int at, int value) {
    INT4.set(octets, at, value);
  }

  /** Those that were written are the first {@link #size} of it. */
  byte[] array() {
    return octets;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }
}
