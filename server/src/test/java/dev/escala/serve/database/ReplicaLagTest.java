package dev.escala.serve.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Snapshot;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaLagTest {
  private long now = -5_000_000_000L; // System.nanoTime may be negative
  private final ReplicaLag lag = new ReplicaLag(() -> now);

  private void written(String snapshot) {
    lag.written(now, Snapshot.parse(snapshot).orElseThrow());
  }

  private void replayed(String snapshot) {
    lag.replayed(Snapshot.parse(snapshot).orElseThrow());
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  private static Optional<Duration> seconds(int seconds) {
    return Optional.of(Duration.ofSeconds(seconds));
  }

  @Test
  void nothingIsKnownBeforeBothWereSeen() {
    assertThat(lag.bound()).isEmpty();
    written("10:10:");
    assertThat(lag.bound()).isEmpty();
    replayed("9:9:");
    assertThat(lag.bound()).as("it shows less").isEmpty();
    pass(2);
    replayed("10:10:");
    assertThat(lag.bound()).isEqualTo(seconds(2));
  }

  @Test
  void whatIsNotReplayedMakesItOlder() {
    written("10:10:");
    replayed("10:10:");
    pass(1);
    written("12:12:");
    replayed("11:11:");
    assertThat(lag.bound()).isEqualTo(seconds(1));
    pass(3);
    written("15:15:");
    replayed("13:13:");
    assertThat(lag.bound()).as("since 12 was seen").isEqualTo(seconds(3));
    replayed("15:15:");
    assertThat(lag.bound()).isEqualTo(seconds(0));
  }

  @Test
  void aServerThatRestsIsNotBehind() {
    for (int i = 0; i < 10; i++) {
      pass(60);
      written("10:10:");
      replayed("10:10:");
      assertThat(lag.bound()).isEqualTo(seconds(0));
    }
  }

  /** 10 runs for hours, and neither shows it; 12 was committed and is not replayed yet. */
  @Test
  void transactionsThatRunHoldNothingUp() {
    written("10:13:10");
    replayed("10:12:10");
    assertThat(lag.bound()).isEmpty();
    replayed("10:13:10,12");
    assertThat(lag.bound()).isEmpty();
    replayed("10:13:10");
    assertThat(lag.bound()).isEqualTo(seconds(0));
  }

  @Test
  void whatWasLostInAFailoverIsNotWaitedFor() {
    written("10:10:");
    replayed("10:10:");
    pass(1);
    written("20:20:");
    pass(1);
    written("15:15:");
    replayed("15:15:");
    assertThat(lag.bound()).isEqualTo(seconds(0));
  }

  @Test
  void itGrowsWhileEitherDoesNotAnswer() {
    written("10:10:");
    replayed("10:10:");
    pass(100);
    replayed("10:10:");
    assertThat(lag.bound()).as("what was written since is not known").isEqualTo(seconds(100));
  }

  @Test
  void aLongOutageOfTheReplicaTakesNoMoreRoom() {
    for (int i = 0; i < 5_000; i++) {
      pass(1);
      written("%1$d:%1$d:".formatted(10 + i));
    }
    replayed("10:10:");
    assertThat(lag.bound()).as("it is not said to be younger than it is").isEmpty();
    replayed("5009:5009:");
    assertThat(lag.bound()).isEqualTo(seconds(0));
  }
}
