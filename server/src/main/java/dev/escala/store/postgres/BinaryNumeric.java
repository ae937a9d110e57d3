package dev.escala.store.postgres;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** PostgreSQL's binary numeric: groups of four decimal digits, without trailing zero groups. */
final class BinaryNumeric {
  private static final BigInteger GROUP = BigInteger.valueOf(10_000);
  private static final long[] FACTORS = {1, 10, 100, 1_000};
  private static final long[] GROUPS = {
    1, 10_000, 100_000_000L, 1_000_000_000_000L, 10_000_000_000_000_000L
  };

  /** With three more digits they are fewer than the eighteen that any long holds. */
  private static final int MOST_SHORT = 15;

  private static final short NEGATIVE = 0x4000;

  private BinaryNumeric() {}

  /** Behind its length. */
  static void write(BinaryOutput out, BigDecimal number) {
    if (number.scale() >= 0 && number.scale() <= MOST_SHORT && number.precision() <= MOST_SHORT) {
      writeShort(out, number);
    } else {
      byte[] encoded = encode(number);
      out.int4(encoded.length).octets(encoded);
    }
  }

  /** Of so few digits that a long holds them aligned to groups, too. */
  private static void writeShort(BinaryOutput out, BigDecimal number) {
    int fraction = (number.scale() + 3) / 4;
    long digits =
        number.unscaledValue().abs().longValueExact() * FACTORS[fraction * 4 - number.scale()];
    while (digits != 0 && digits % 10_000 == 0) {
      digits /= 10_000;
      fraction--;
    }
    int groups = 0;
    for (long rest = digits; rest > 0; rest /= 10_000) {
      groups++;
    }
    out.int4(8 + groups * 2).int2(groups).int2(groups == 0 ? -1 : groups - 1 - fraction);
    out.int2(number.signum() < 0 ? NEGATIVE : 0).int2(number.scale());
    for (int i = groups - 1; i >= 0; i--) {
      out.int2((int) (digits / GROUPS[i] % 10_000));
    }
  }

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
