package dev.escala.proofs;

import static dev.escala.proofs.GameDay.CANARY;
import static dev.escala.proofs.GameDay.DATABASE;
import static dev.escala.proofs.GameDay.PROBE;
import static dev.escala.proofs.GameDay.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.StoppablePostgres.Stop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each part fails once: {@code /health} and the metrics say which and blame no other, the right
 * people are called, and nobody else is. How soon they are called is asked of the rules themselves,
 * by their unit tests: a machine that is busy would be late.
 */
@Tag("long")
class GameDayTest extends Proof {
  private static final Duration A_WHILE = Duration.ofMinutes(5);

  /** Until the alert has ended, and those that it held back would call. */
  private static final Duration AFTERWARDS = Duration.ofMinutes(13);

  private GameDay day;

  @BeforeAll
  static void tools() {
    Watch.orSkip();
  }

  @BeforeEach
  void begin() throws IOException, InterruptedException {
    day = GameDay.begin(directory, database, installation);
  }

  @AfterEach
  void end() throws IOException {
    if (day != null) {
      day.close();
    }
    database.start();
  }

  @Test
  void theDatabaseStopsAndComesBack() throws IOException, InterruptedException {
    double started = day.metric("db_postmaster_start_time_seconds");
    database.stop(Stop.FAST);
    day.awaitAlert("EscalaDatabaseDown");
    HealthPicture health =
        day.awaitHealth("the database is critical", h -> h.is(DATABASE, "critical"));
    assertThat(health.httpStatus()).isEqualTo(503);
    assertThat(health.checks()).containsEntry(PROBE, "ok");
    day.awaitMetric("db_up", up -> up == 0);
    day.awaitMetric("ingest_paused", paused -> paused == 1);
    day.awaitMetric("db_ping_duration_seconds", ping -> ping == 0); // there is none
    assertThat(day.metric("probe_success")).isEqualTo(1);
    day.assertOnlyPages(A_WHILE, "EscalaDatabaseDown");

    database.start();
    day.awaitMetric("db_up", up -> up == 1);
    day.awaitMetric("db_postmaster_start_time_seconds", start -> start > started);
    double published = day.metric("canary_published_total");
    day.awaitMetric("canary_stored_total", stored -> stored >= published);
    assertThat(day.metric("canary_lost_total")).as("late, not lost").isZero();
    assertThat(day.metric("canary_mismatch_total")).isZero();
    day.awaitHealth("all is well again", h -> h.troubles().isEmpty());
    assertThat(day.server().log())
        .containsOnlyOnce("\"database_lost\"")
        .containsOnlyOnce("\"database_regained\"")
        .containsOnlyOnce("\"database_restarted\"");
    day.assertOnlyPages(AFTERWARDS, "EscalaDatabaseDown");
  }

  /**
   * A second of a real restart is fifteen for those who watch: only before a whole hour without
   * errors is that as little of the budget as it is in their own time.
   */
  @Test
  void theDatabaseRestarts() throws IOException, InterruptedException {
    day.pass(Duration.ofHours(1));
    double started = day.metric("db_postmaster_start_time_seconds");
    database.stop(Stop.FAST);
    database.start();
    day.awaitAlert("EscalaDatabaseRestarted");
    assertThat(day.metric("db_postmaster_start_time_seconds")).isGreaterThan(started);
    day.awaitHealth("all is well", h -> h.troubles().isEmpty());
    day.assertOnlyPages(A_WHILE);
  }

  @Test
  void theDatabaseBecomesSlow() throws IOException, InterruptedException {
    day.wayToDatabase().delay(Duration.ofMillis(230));
    HealthPicture slow = day.awaitHealth("it warns", h -> h.is(DATABASE, "warn"));
    assertThat(slow.httpStatus()).isEqualTo(200);
    assertThat(slow.checks()).containsEntry(PROBE, "ok");
    day.awaitMetric("db_ping_duration_seconds", ping -> ping > 0.2 && ping < 0.5);
    assertThat(day.metric("db_up")).isEqualTo(1);
    day.awaitAlert("EscalaDatabaseSlow");
    day.assertOnlyPages(A_WHILE);

    day.wayToDatabase().delay(Duration.ofMillis(530));
    HealthPicture tooSlow = day.awaitHealth("it is critical", h -> h.is(DATABASE, "critical"));
    assertThat(tooSlow.httpStatus()).isEqualTo(503);
    assertThat(tooSlow.checks()).containsEntry(PROBE, "ok");
    day.awaitMetric("db_ping_duration_seconds", ping -> ping > 0.5);
    assertThat(day.metric("db_checks_total", "result=\"failed\"")).as("it answers").isZero();
    day.awaitAlert("EscalaDatabaseSlowCritical");
    day.assertOnlyPages(A_WHILE, "EscalaDatabaseSlowCritical");

    day.wayToDatabase().delay(Duration.ZERO);
    day.awaitHealth("the database is well again", h -> h.is(DATABASE, "ok"));
    assertThat(day.metric("canary_lost_total")).isZero();
    assertThat(day.metric("canary_mismatch_total")).isZero();
    day.assertOnlyPages(AFTERWARDS, "EscalaDatabaseSlowCritical");
  }

  @Test
  void theQueueStops() throws IOException, InterruptedException {
    day.sqs().mode(SqsProxy.Mode.AWAY);
    day.awaitMetric("canary_publish_failures_total", failures -> failures > 0);
    day.awaitMetric("ingest_source_failures_total", failures -> failures == 1);
    day.awaitAlert("EscalaTopicNotReceiving");
    HealthPicture health = day.awaitHealth("the canary is silent", h -> h.is(CANARY, "critical"));
    assertThat(health.troubles()).containsOnlyKeys(CANARY);
    double lastAnswer = day.metric("ingest_source_last_receive_timestamp_seconds");
    assertThat(Instant.now().getEpochSecond() - lastAnswer).isGreaterThan(3);
    assertThat(day.metric("canary_lost_total")).as("nothing was published").isZero();
    day.assertOnlyPages(A_WHILE.multipliedBy(2), "EscalaTopicNotReceiving");

    day.sqs().mode(SqsProxy.Mode.PASS);
    day.awaitHealth("all is well again", h -> h.troubles().isEmpty());
    day.awaitMetric("ingest_source_last_receive_timestamp_seconds", at -> at > lastAnswer);
    day.assertOnlyPages(AFTERWARDS, "EscalaTopicNotReceiving");
  }

  @Test
  void messagesAreDroppedBeforeTheyAreStored() throws IOException, InterruptedException {
    day.sqs().mode(SqsProxy.Mode.SWALLOW);
    day.awaitMetric("canary_lost_total", lost -> lost >= 1);
    day.awaitAlert("EscalaMessageLost");
    HealthPicture health = day.awaitHealth("it is told", h -> h.is(CANARY, "critical"));
    assertThat(health.httpStatus()).isEqualTo(503);
    assertThat(health.troubles()).containsExactlyEntriesOf(Map.of(CANARY, "critical"));
    assertThat(day.sqs().swallowed()).isPositive();
    assertThat(day.metric("canary_publish_failures_total")).isZero();
    assertThat(day.metric("canary_mismatch_total")).isZero();
    assertThat(day.server().log()).contains("\"canary_lost\"");
    day.assertOnlyPages(A_WHILE, "EscalaMessageLost");
  }

  @Test
  void aRowIsChangedBehindTheBackOfTheApi() throws IOException, InterruptedException {
    database.execute(
        """
        UPDATE escala.canary SET body = replace(body, 'quoted', 'forged')
        WHERE seq = (SELECT max(seq) FROM escala.canary)\
        """);
    day.awaitAlert("EscalaDataMismatch");
    assertThat(day.metric("canary_mismatch_total")).isEqualTo(1);
    HealthPicture health = day.awaitHealth("it is told", h -> h.is(CANARY, "critical"));
    assertThat(health.troubles()).containsExactlyEntriesOf(Map.of(CANARY, "critical"));
    assertThat(day.metric("canary_lost_total")).isZero();
    double served = day.metric("canary_served_total");
    day.awaitMetric("canary_served_total", more -> more > served + 5);
    assertThat(day.metric("canary_mismatch_total")).as("told once").isEqualTo(1);
    assertThat(day.health().is(SOURCE, "ok")).isTrue();
    day.assertOnlyPages(A_WHILE, "EscalaDataMismatch");
  }
}
