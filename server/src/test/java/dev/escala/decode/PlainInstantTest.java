package dev.escala.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainInstantTest {
  private static final String[] FRACTIONS = {"", ".", ".1", ".123456", ".123456789", ".1234567890"};
  private static final String[] ZONES = {
    "", "Z", "z", "+00:00", "-17:59", "+18:00", "+05:30", "+0530", "+05", "+5:30", "ZZ", "+05:60"
  };

  /** Days that do not exist and hours that do not among them. */
  @Test
  void whatItReadsIsWhatTheFormatterOfTheJdkReads() {
    Random random = new Random(20260131);
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      String text = text(random);
      Instant plain = PlainInstant.of(text);
      if (plain != null) {
        read++;
        assertThat(plain).as(text).isEqualTo(PointInTime.anyIso(text));
      }
    }
    assertThat(read).isGreaterThan(20_000);
  }

  private static String text(Random random) {
    return "%04d-%02d-%02d%c%02d:%02d:%02d%s%s"
        .formatted(
            random.nextInt(10_000),
            random.nextInt(14),
            random.nextInt(33),
            random.nextInt(20) == 0 ? ' ' : 'T',
            random.nextInt(26),
            random.nextInt(62),
            random.nextInt(62),
            FRACTIONS[random.nextInt(FRACTIONS.length)],
            ZONES[random.nextInt(ZONES.length)]);
  }

  /** One character of an instant is another. */
  @Test
  void nothingIsTakenForAnInstantThatIsNone() {
    Random random = new Random(20260228);
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder("2026-02-28T12:00:00.123+05:30");
      text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(100)));
      Instant plain = PlainInstant.of(text.toString());
      assertThat(plain == null ? Optional.empty() : Optional.of(plain))
          .as(text.toString())
          .isIn(Optional.empty(), slow(text.toString()));
    }
  }

  private static Optional<Instant> slow(String text) {
    try {
      return Optional.of(PointInTime.anyIso(text));
    } catch (DateTimeException none) {
      return Optional.empty();
    }
  }

  /** These are read by the formatter, or refused by it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-01-31",
        "2026-01-31T12:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:00",
        "+02026-01-31T12:00:00Z",
        "2026-01-31 12:00:00Z",
        "2026-01-31T12:00:00+05"
      })
  void otherFormsAreLeftToTheFormatter(String text) {
    assertThat(PlainInstant.of(text)).isNull();
  }
}
