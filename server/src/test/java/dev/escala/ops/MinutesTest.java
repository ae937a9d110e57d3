package dev.escala.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MinutesTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:30Z");

  private final Minutes<AtomicInteger> minutes = new Minutes<>(3, AtomicInteger::new);

  private List<Integer> upTo(Instant time) {
    return minutes.upTo(time).stream().map(AtomicInteger::get).toList();
  }

  @Test
  void whatIsOlderThanTheLastMinutesIsForgotten() {
    minutes.at(START).addAndGet(1);
    minutes.at(START.plusSeconds(29)).addAndGet(1);
    minutes.at(START.plusSeconds(30)).addAndGet(5);
    assertThat(upTo(START.plusSeconds(30))).containsExactly(0, 2, 5);

    minutes.at(START.plus(Duration.ofMinutes(3))).addAndGet(7);
    assertThat(upTo(START.plus(Duration.ofMinutes(3)))).containsExactly(5, 0, 7);
    assertThat(upTo(START.plus(Duration.ofMinutes(9)))).containsExactly(0, 0, 0);
  }

  @Test
  void aClockThatIsSetBackBeginsAnew() {
    minutes.at(START.plus(Duration.ofMinutes(3))).addAndGet(7);
    minutes.at(START).addAndGet(1);
    assertThat(upTo(START)).containsExactly(0, 0, 1);
  }
}
