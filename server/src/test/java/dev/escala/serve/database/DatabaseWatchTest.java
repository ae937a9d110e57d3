package dev.escala.serve.database;

import static dev.escala.model.DatabaseRole.READER;
import static dev.escala.model.DatabaseRole.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.DatabaseRole;
import dev.escala.observe.Observation.DatabaseAnswered;
import dev.escala.observe.Observation.DatabaseLost;
import dev.escala.observe.Observation.DatabaseRegained;
import dev.escala.observe.Observation.DatabaseRestarted;
import dev.escala.observe.Observation.DatabaseRoleChanged;
import dev.escala.observe.Observation.DatabaseUnanswered;
import dev.escala.serve.database.DatabaseProbe.Vitals;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class DatabaseWatchTest {
  private static final Instant MONDAY = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant TUESDAY = Instant.parse("2026-11-24T12:00:00Z");

  private final RecordingObserver observer = new RecordingObserver();
  private CompletableFuture<Vitals> next = new CompletableFuture<>();
  private int looks;

  private DatabaseWatch watch = watch(WRITER);

  private DatabaseWatch watch(DatabaseRole role) {
    return new DatabaseWatch(
        "db",
        role,
        () -> {
          looks++;
          return next;
        },
        observer);
  }

  private void answers(Instant startedAt, boolean inRecovery) {
    answers(startedAt, Duration.ofHours(1), inRecovery);
  }

  private void answers(Instant startedAt, Duration up, boolean inRecovery) {
    next =
        CompletableFuture.completedFuture(
            new Vitals(Duration.ofMillis(3), startedAt, up, inRecovery));
    watch.check();
  }

  private void fails(Throwable failure) {
    next = CompletableFuture.failedFuture(failure);
    watch.check();
  }

  @Test
  void reportsEachCheckAndNoChangeWhereThereIsNone() {
    answers(MONDAY, false);
    answers(MONDAY, false);
    assertThat(observer.all(DatabaseAnswered.class))
        .hasSize(2)
        .allMatch(answered -> answered.latency().equals(Duration.ofMillis(3)));
    assertThat(observer.all(DatabaseRestarted.class)).isEmpty();
    assertThat(observer.all(DatabaseRoleChanged.class)).isEmpty();
    assertThat(observer.all(DatabaseRegained.class)).isEmpty();
  }

  @Test
  void tellsOnceThatItIsGoneAndOnceThatItIsBack() {
    fails(new IllegalStateException("refused"));
    fails(new TimeoutException());
    assertThat(observer.all(DatabaseUnanswered.class))
        .extracting(DatabaseUnanswered::detail)
        .containsExactly("refused", "no answer in time");
    assertThat(observer.all(DatabaseLost.class)).hasSize(1);
    answers(MONDAY, false);
    answers(MONDAY, false);
    assertThat(observer.all(DatabaseRegained.class)).hasSize(1);
  }

  @Test
  void noticesARestartAlsoBehindAnOutage() {
    answers(MONDAY, false);
    fails(new TimeoutException());
    answers(TUESDAY, false);
    assertThat(observer.all(DatabaseRestarted.class))
        .containsExactly(new DatabaseRestarted("db", WRITER, TUESDAY));
    assertThat(observer.all(DatabaseRoleChanged.class)).isEmpty();
  }

  @Test
  void noticesThatAReplicaAnswersAndThatItIsPromoted() {
    answers(MONDAY, false);
    answers(TUESDAY, true);
    answers(TUESDAY, false);
    assertThat(observer.all(DatabaseRoleChanged.class))
        .containsExactly(
            new DatabaseRoleChanged("db", WRITER, true),
            new DatabaseRoleChanged("db", WRITER, false));
  }

  /** Behind the name of the readers are several; which one answers is chance. */
  @Test
  void aSecondStandbyIsNoRestartAndOneThatJustStartedIs() {
    watch = watch(READER);
    answers(MONDAY, Duration.ofDays(2), true);
    answers(TUESDAY, Duration.ofDays(1), true);
    answers(MONDAY, Duration.ofDays(2), true);
    assertThat(observer.all(DatabaseRestarted.class)).isEmpty();

    Instant now = MONDAY.plus(Duration.ofDays(2).plusSeconds(5));
    answers(now, Duration.ofSeconds(1), true);
    assertThat(observer.all(DatabaseRestarted.class))
        .containsExactly(new DatabaseRestarted("db", READER, now));
  }

  @Test
  void doesNotAskAgainBeforeTheAnswer() {
    watch.check();
    watch.check();
    assertThat(looks).isEqualTo(1);
    next.completeExceptionally(new TimeoutException());
    watch.check();
    assertThat(looks).isEqualTo(2);
  }
}
