package dev.escala.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Backlog;
import dev.escala.observe.Observation;
import dev.escala.observe.Observation.CanaryDuplicated;
import dev.escala.observe.Observation.CanaryLate;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryMismatched;
import dev.escala.observe.Observation.CanaryServed;
import dev.escala.observe.Observation.CanaryStored;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What follows from what was found, and when; the clock is a number of the test. */
class SeriesTest {
  private static final CanarySettings SETTINGS =
      new CanarySettings(
          true, Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofHours(1), null);
  private static final MarkerKey KEY = MarkerKey.of(new byte[] {1, 2, 3});
  private static final UUID CANARY = UUID.randomUUID();
  private static final Backlog NOTHING = new Backlog(0, 0, 0, null);
  private static final Backlog SOMETHING = new Backlog(0, 1, 0, null);

  private final RecordingObserver observer = new RecordingObserver();
  private final Series series = new Series("t", SETTINGS, observer);
  private final List<Marker> inDatabase = new ArrayList<>();
  private Optional<Backlog> onTheWay = Optional.of(NOTHING);
  private int asked;
  private long nanos;

  private static Marker marker(long seq, String body) {
    return KEY.sign("t", CANARY, seq, Instant.EPOCH, body);
  }

  private static Marker marker(long seq) {
    return marker(seq, "body " + seq);
  }

  private void publish(long... seqs) {
    for (long seq : seqs) {
      series.published(marker(seq), nanos, nanos);
    }
  }

  private void store(long... seqs) {
    for (long seq : seqs) {
      inDatabase.add(marker(seq));
    }
  }

  /** The database answers each second until so many have passed. */
  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      nanos += Duration.ofSeconds(1).toNanos();
      look();
    }
  }

  private void look() {
    series.found(1, inDatabase.stream().map(m -> new StoredMarker(m, 1)).toList(), nanos);
    series.judge(
        () -> {
          asked++;
          return onTheWay;
        });
  }

  private void serve(Marker... markers) {
    series.given(1, List.of(markers), nanos);
  }

  private <T extends Observation> List<T> all(Class<T> type) {
    return observer.all(type);
  }

  @Test
  void makesTheWholeWay() {
    publish(1);
    store(1);
    pass(2);
    serve(marker(1));
    assertThat(all(CanaryStored.class))
        .containsExactly(new CanaryStored("t", Duration.ofSeconds(1)));
    assertThat(all(CanaryServed.class)).hasSize(1);
    assertThat(all(CanaryServed.class).getFirst().sinceStored()).isEqualTo(Duration.ofSeconds(1));
    assertThat(all(CanaryServed.class).getFirst().total()).isEqualTo(Duration.ofSeconds(2));
    serve(marker(1));
    assertThat(all(CanaryServed.class)).as("counted once").hasSize(1);
    assertThat(series.firstUnderWay()).isEqualTo(Long.MAX_VALUE);
    assertThat(series.awaitsApi()).isFalse();
  }

  @Test
  void isLostWhenTheTimeIsOverAndNothingIsOnTheWay() {
    publish(1);
    pass(61);
    assertThat(all(CanaryLost.class)).isEmpty();
    assertThat(asked).as("not asked in vain").isZero();
    pass(1);
    assertThat(all(CanaryLost.class)).hasSize(1);
    pass(100);
    assertThat(all(CanaryLost.class)).hasSize(1);
    assertThat(series.open()).isZero();
  }

  @Test
  void isLateAsLongAsSomethingIsOnTheWayOrNobodyKnows() {
    publish(1);
    onTheWay = Optional.of(SOMETHING);
    pass(300);
    onTheWay = Optional.empty();
    pass(300);
    assertThat(all(CanaryLost.class)).isEmpty();
    assertThat(series.open()).isEqualTo(1);
    store(1);
    pass(1);
    assertThat(all(CanaryStored.class)).hasSize(1);
    assertThat(all(CanaryLate.class)).isEmpty();
  }

  @Test
  void isLostWhenLaterOnesHaveBeenThereForLong() {
    onTheWay = Optional.of(SOMETHING);
    publish(1, 2);
    pass(30);
    store(2);
    pass(61);
    assertThat(all(CanaryLost.class)).as("queues keep no order").isEmpty();
    assertThat(asked).isPositive();
    pass(1);
    assertThat(all(CanaryLost.class)).extracting(CanaryLost::seq).containsExactly(1L);
  }

  @Test
  void noTimePassesWhileTheDatabaseDoesNotAnswer() {
    publish(1);
    pass(30);
    series.unanswered();
    nanos += Duration.ofHours(3).toNanos();
    pass(30);
    assertThat(all(CanaryLost.class)).isEmpty();
    pass(5);
    assertThat(all(CanaryLost.class)).hasSize(1);
  }

  @Test
  void whatComesAfterItWasCountedAsLostIsLate() {
    publish(1);
    pass(70);
    store(1);
    pass(1);
    assertThat(all(CanaryLate.class)).hasSize(1);
    assertThat(all(CanaryStored.class)).isEmpty();
    serve(marker(1));
    assertThat(all(CanaryServed.class)).hasSize(1);
  }

  @Test
  void furtherDeliveriesAreCountedAsTheyCome() {
    publish(1);
    series.found(1, List.of(new StoredMarker(marker(1), 1)), nanos);
    series.found(1, List.of(new StoredMarker(marker(1), 3)), nanos);
    series.found(1, List.of(new StoredMarker(marker(1), 3)), nanos);
    assertThat(all(CanaryDuplicated.class)).containsExactly(new CanaryDuplicated("t", 1, 2));
    assertThat(all(CanaryMismatched.class)).isEmpty();
  }

  @Test
  void whatTheDatabaseHoldsDifferentlyIsAMismatchOnce() {
    publish(1, 2);
    inDatabase.add(marker(1, "another body"));
    store(2);
    pass(3);
    assertThat(all(CanaryMismatched.class)).extracting(CanaryMismatched::seq).containsExactly(1L);
    serve(marker(1, "another body"), marker(2));
    assertThat(all(CanaryMismatched.class)).hasSize(1);
    assertThat(all(CanaryServed.class)).as("no success of a changed one").hasSize(1);
  }

  @Test
  void whatTheApiGivesDifferentlyIsAMismatch() {
    publish(1);
    store(1);
    pass(1);
    serve(marker(1, "another body"));
    assertThat(all(CanaryMismatched.class)).hasSize(1);
    assertThat(all(CanaryServed.class)).isEmpty();
  }

  @Test
  void whatServesTheApiMayLagButNotForLong() {
    publish(1);
    store(1);
    pass(60);
    serve();
    assertThat(all(CanaryMismatched.class)).isEmpty();
    pass(2);
    serve();
    assertThat(all(CanaryMismatched.class)).hasSize(1);
  }

  @Test
  void whatVanishesAfterItWasServedIsAMismatch() {
    publish(1, 2);
    store(1, 2);
    pass(1);
    serve(marker(1), marker(2));
    inDatabase.removeFirst();
    pass(1);
    assertThat(all(CanaryMismatched.class)).extracting(CanaryMismatched::seq).containsExactly(1L);
  }

  @Test
  void numbersThatWereNotPublishedAreNobodysBusiness() {
    publish(2);
    store(1, 2, 3);
    pass(1);
    serve(marker(1), marker(2), marker(3));
    assertThat(all(CanaryStored.class)).hasSize(1);
    assertThat(all(CanaryServed.class)).hasSize(1);
    assertThat(all(CanaryMismatched.class)).isEmpty();
  }

  @Test
  void remembersTheLatestAndAllThatAreOpen() {
    publish(1);
    long[] others = IntStream.rangeClosed(2, 100).asLongStream().toArray();
    publish(others);
    store(others);
    pass(1);
    serve(inDatabase.toArray(Marker[]::new));
    series.forget(nanos);
    assertThat(series.first()).as("the open one").isEqualTo(1);
    onTheWay = Optional.of(NOTHING);
    pass(61);
    nanos += Duration.ofMinutes(31).toNanos();
    series.forget(nanos);
    assertThat(series.first()).as("what is old is forgotten").isEqualTo(Long.MAX_VALUE);
  }
}
