package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Decoder;
import dev.escala.decode.Settings;
import dev.escala.decode.TopicSettings;
import dev.escala.model.Outcome;
import dev.escala.observe.HealthProbe.Report;
import dev.escala.observe.HealthProbe.Status;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.IntakeResumed;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.source.MemoryGate;
import dev.escala.source.Permits;
import dev.escala.store.postgres.PostgresStore;
import dev.escala.testing.FakeSource;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.StoppablePostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class IngestLoopTest {
  private static final IngestSettings SETTINGS =
      new IngestSettings(
          500,
          1 << 20,
          2,
          Duration.ofMillis(1),
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofSeconds(5));

  private final RecordingObserver observer = new RecordingObserver();
  private final FakeSource.Backlog backlog = new FakeSource.Backlog();

  private IngestLoop loop(PostgresDatabase database, FakeSource source) {
    TopicSettings settings = Settings.flights("key: $.id");
    return new IngestLoop(
        source,
        new Pipeline(
            new Decoder(settings),
            new PostgresStore(database, observer).topic(settings),
            SETTINGS.changePatience(),
            observer),
        SETTINGS,
        new MemoryGate(1 << 20),
        observer);
  }

  private FakeSource source() {
    return new FakeSource("flights", backlog, 10, new Permits(2_000, 1L << 24), observer);
  }

  private void publish(int from, int to) {
    for (int i = from; i < to; i++) {
      backlog.add("flights", "m" + i, "{\"id\":\"f" + i + "\",\"n\":" + i + "}");
    }
  }

  private static Report health(IngestLoop loop) {
    return loop.health().check().toCompletableFuture().join();
  }

  /** The invariant: what was received is in exactly one of the outcomes. */
  private void nothingIsInFlight() {
    long received =
        observer.all(MessagesReceived.class).stream().mapToLong(MessagesReceived::messages).sum();
    long settled =
        observer.all(BatchSettled.class).stream()
            .mapToLong(
                batch ->
                    batch.stored()
                        + batch.duplicates()
                        + batch.rejected().values().stream().mapToInt(i -> i).sum()
                        + batch.returned().values().stream().mapToInt(i -> i).sum())
            .sum();
    assertThat(settled).isEqualTo(received);
  }

  @Test
  void everyMessageIsSettledOnce() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    publish(0, 5_000);
    publish(0, 1_000);
    backlog.add("flights", "bad", "no json");
    FakeSource source = source();
    try (PostgresDatabase store = PostgresDatabase.open(PostgresSettings.of(database.url()));
        IngestLoop loop = loop(store, source).start()) {
      eventually("all settled", () -> source.outcomes().size() == 6_001);
      assertThat(health(loop).status()).isEqualTo(Status.OK);
    }
    List<Outcome> outcomes = source.outcomes();
    assertThat(outcomes).filteredOn(Outcome.STORED::equals).hasSize(5_000);
    assertThat(outcomes).filteredOn(Outcome.DUPLICATE::equals).hasSize(1_000);
    assertThat(outcomes).filteredOn(Outcome.Rejected.class::isInstance).hasSize(1);
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(5_000);
    nothingIsInFlight();
  }

  @Test
  void twoLoopsShareABacklog() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    publish(0, 4_000);
    FakeSource one = source();
    FakeSource two = source();
    try (PostgresDatabase store = PostgresDatabase.open(PostgresSettings.of(database.url()));
        PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()));
        IngestLoop first = loop(store, one).start();
        IngestLoop second = loop(other, two).start()) {
      assertThat(first).isNotSameAs(second);
      eventually("all settled", () -> one.outcomes().size() + two.outcomes().size() >= 4_000);
    }
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(4_000);
    nothingIsInFlight();
  }

  @Test
  void aDatabaseThatStopsAndStartsLosesAndDoublesNothing(@TempDir Path data) {
    try (StoppablePostgres postgres = new StoppablePostgres(data.resolve("pg"))) {
      FakeSource source = source();
      try (PostgresDatabase store =
              PostgresDatabase.open(PostgresSettings.of(postgres.database().url()));
          IngestLoop loop = loop(store, source).start()) {
        publish(0, 20_000);
        eventually("load", () -> source.outcomes().contains(Outcome.STORED));
        postgres.stop();
        publish(20_000, 22_000);
        eventually("pause", () -> !observer.all(IntakePaused.class).isEmpty());
        assertThat(health(loop).status()).isNotEqualTo(Status.OK);
        assertThat(observer.all(IntakePaused.class)).hasSize(1);
        postgres.start();
        eventually("resume", () -> observer.all(IntakeResumed.class).size() == 1);
        eventually(
            "all stored",
            () -> postgres.database().count("SELECT count(*) FROM flights") == 22_000);
        eventually("all settled", () -> backlog.size() == 0);
      }
      assertThat(observer.all(IntakePaused.class)).hasSize(1);
      assertThat(postgres.database().count("SELECT count(*) FROM escala.dead_letter")).isZero();
      assertThat(postgres.database().count("SELECT sum(n) FROM flights"))
          .isEqualTo(22_000L * 21_999 / 2);
      nothingIsInFlight();
    }
  }

  @Test
  void whatIsNotStoredAtShutdownStaysInTheBacklog() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    publish(0, 20_000);
    FakeSource source = source();
    try (PostgresDatabase store = PostgresDatabase.open(PostgresSettings.of(database.url()));
        IngestLoop loop = loop(store, source).start()) {
      assertThat(loop).isNotNull();
      eventually("some are stored", () -> source.outcomes().contains(Outcome.STORED));
    }
    assertThat(database.count("SELECT count(*) FROM flights") + backlog.size()).isEqualTo(20_000);
    nothingIsInFlight();
  }
}
