package dev.escala.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinaryNumericTest {
  /** The long way is held to what PostgreSQL reads, by the contract of the store. */
  @Test
  void theShortWayWritesWhatTheLongOneDoes() {
    Random random = new Random(4);
    for (int i = 0; i < 100_000; i++) {
      BigInteger digits = new BigInteger(random.nextInt(50), random);
      BigDecimal number =
          new BigDecimal(random.nextBoolean() ? digits : digits.negate(), random.nextInt(17));
      assertThat(written(number)).as(number.toPlainString()).isEqualTo(encoded(number));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.00", "-0.0", "10000", "100000000", "0.0001", "999999999999.999"})
  void zerosAtEitherEndAreNoDigits(String text) {
    BigDecimal number = new BigDecimal(text);
    assertThat(written(number)).isEqualTo(encoded(number));
  }

  private static byte[] written(BigDecimal number) {
    BinaryOutput out = new BinaryOutput(1);
    BinaryNumeric.write(out, number);
    return Arrays.copyOf(out.array(), out.size());
  }

  private static byte[] encoded(BigDecimal number) {
    byte[] encoded = BinaryNumeric.encode(number);
    BinaryOutput out = new BinaryOutput(1).int4(encoded.length).octets(encoded);
    return Arrays.copyOf(out.array(), out.size());
  }
}
