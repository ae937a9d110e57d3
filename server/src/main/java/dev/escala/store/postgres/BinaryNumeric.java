package dev.escala.store.postgres;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** PostgreSQL's binary numeric: groups of four decimal digits, without trailing zero groups. */
final class BinaryNumeric {
  private static final BigInteger GROUP = BigInteger.valueOf(10_000);
  private static final short NEGATIVE = 0x4000;

  private BinaryNumeric() {}

  static byte[] encode(BigDecimal number) {
    BigDecimal bare = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    // The digits are aligned to groups: 10^-scale becomes 10000^-exponent.
    int exponent = Math.floorDiv(bare.scale() + 3, 4);
    BigInteger digits =
        bare.unscaledValue().abs().multiply(BigInteger.TEN.pow(exponent * 4 - bare.scale()));
    short[] groups = groups(digits);
    ByteBuffer buffer = ByteBuffer.allocate(8 + groups.length * 2);
    buffer.putShort((short) groups.length);
    buffer.putShort((short) (groups.length - 1 - exponent));
    buffer.putShort(number.signum() < 0 ? NEGATIVE : 0);
    buffer.putShort((short) Math.max(0, number.scale()));
    for (short group : groups) {
      buffer.putShort(group);
    }
    return buffer.array();
  }

  private static short[] groups(BigInteger digits) {
    // At most 1000 digits stand in a message, so that the quadratic division does not matter.
    short[] reversed = new short[digits.bitLength() / 13 + 1];
    int count = 0;
    BigInteger rest = digits;
    while (rest.signum() > 0) {
      if (rest.bitLength() < 63) {
        for (long small = rest.longValue(); small > 0; small /= 10_000) {
          reversed[count++] = (short) (small % 10_000);
        }
        break;
      }
      BigInteger[] parts = rest.divideAndRemainder(GROUP);
      reversed[count++] = parts[1].shortValue();
      rest = parts[0];
    }
    short[] groups = new short[count];
    for (int i = 0; i < count; i++) {
      groups[i] = reversed[count - 1 - i];
    }
    return groups;
  }
}
