package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rates that a demo shows. */
class LoadedTest {
  private static final long SECOND = 1_000_000_000;
  private static final List<String> RECORDS = Collections.nCopies(20_000, "{}");

  @Test
  void theSecondHalfIsMeasuredByItself() {
    SecondHalf half = new SecondHalf(20_000);
    half.at(0, 0);
    half.at(9_000, 8 * SECOND);
    assertThat(half.rate()).isZero();
    half.at(10_000, 9 * SECOND);
    half.at(15_000, 10 * SECOND);
    half.at(20_000, 11 * SECOND);
    half.at(20_000, 60 * SECOND);

    assertThat(half.rate()).as("10,000 rows in 2 s").isEqualTo(5_000);
    assertThat(new Loaded("t", RECORDS, 11, half.rate(), "over HTTP").rate())
        .isEqualTo("1,818/s over HTTP, 5,000/s in the second half");
  }

  @Test
  void whatCameAtOnceHasNoSecondHalf() {
    SecondHalf half = new SecondHalf(100);
    half.at(0, 0);
    half.at(100, SECOND);

    assertThat(half.rate()).isZero();
    assertThat(new Loaded("t", RECORDS, 2, half.rate(), "over HTTP").rate())
        .isEqualTo("10,000/s over HTTP");
  }

  @Test
  void whatWasThereHasNoRate() {
    assertThat(new Loaded("t", RECORDS, 0, 0, "over HTTP").rate()).isEqualTo("found here");
  }
}
