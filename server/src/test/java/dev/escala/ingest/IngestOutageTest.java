package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Decoder;
import dev.escala.decode.Settings;
import dev.escala.decode.TopicSettings;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.observe.HealthProbe.Status;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.source.MemoryGate;
import dev.escala.store.postgres.PostgresStore;
import dev.escala.testing.FakeSource;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.StoppablePostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an outage of the database does: nothing is lost, nothing is stored twice. */
@Tag("integration")
class IngestOutageTest {
  private static final TopicSettings SETTINGS = Settings.flights("key: $.n");
  private static final IngestSettings FAST =
      new IngestSettings(
          200,
          8 << 20,
          2,
          Duration.ZERO,
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofSeconds(5));

  @TempDir static Path directory;
  private static StoppablePostgres server;

  private final RecordingObserver observer = new RecordingObserver();
  private final FakeSource.Backlog backlog = new FakeSource.Backlog();
  private Database database;
  private PostgresDatabase store;
  private FakeSource source;
  private IngestLoop loop;

  @BeforeAll
  static void startServer() {
    server = new StoppablePostgres(directory.resolve("data"));
  }

  @AfterAll
  static void closeServer() {
    server.close();
  }

  @BeforeEach
  void startLoop() {
    database = server.database();
    database.execute("DROP TABLE IF EXISTS flights");
    store =
        PostgresDatabase.open(
            PostgresSettings.of(database.url()).withLockTimeout(Duration.ofMillis(500)));
    source = new FakeSource("flights", backlog);
    loop =
        new IngestLoop(
            source,
            new Pipeline(
                new Decoder(SETTINGS),
                new PostgresStore(store, observer).topic(SETTINGS),
                FAST.changePatience(),
                observer),
            FAST,
            new MemoryGate(1 << 20),
            observer);
  }

  @AfterEach
  void stopLoop() {
    loop.close();
    store.close();
  }

  private void publish(int from, int to) {
    for (int n = from; n < to; n++) {
      backlog.publish("flights", "{\"n\":" + n + ",\"text\":\"row " + n + "\"}");
    }
  }

  private long rows() {
    return database.count("SELECT count(*) FROM flights");
  }

  private long acknowledged() {
    return source.outcomes().stream()
        .filter(outcome -> !(outcome instanceof Outcome.Returned))
        .count();
  }

  private void everyMessageIsAccountedFor() {
    long received =
        observer.all(MessagesReceived.class).stream().mapToLong(MessagesReceived::messages).sum();
    long settled =
        observer.all(BatchSettled.class).stream()
            .mapToLong(
                batch ->
                    (long) batch.stored()
                        + batch.duplicates()
                        + batch.rejected().values().stream().mapToInt(n -> n).sum()
                        + batch.returned().values().stream().mapToInt(n -> n).sum())
            .sum();
    assertThat(settled).isEqualTo(received);
  }

  @Test
  void aStartWithoutTheDatabaseWaitsForIt() {
    server.stop();
    publish(0, 100);
    loop.start();
    eventually("intake is paused", () -> !observer.all(IntakePaused.class).isEmpty());
    server.start();
    eventually("all are stored", () -> acknowledged() == 100);
    assertThat(rows()).isEqualTo(100);
    assertThat(loop.health().check().toCompletableFuture().join().status()).isEqualTo(Status.OK);
  }

  @Test
  void aFailoverToAReadOnlyServerPausesIntake() {
    publish(0, 10);
    loop.start();
    eventually("the first are stored", () -> acknowledged() == 10);
    server.database().execute("ALTER SYSTEM SET default_transaction_read_only = on");
    database.execute("SELECT pg_reload_conf()");
    eventually("the server is read-only", this::readOnly);
    publish(10, 20);
    eventually("intake is paused", () -> !observer.all(IntakePaused.class).isEmpty());
    IntakePaused paused = observer.all(IntakePaused.class).getFirst();
    assertThat(paused.reason()).isEqualTo(ReturnReason.DATABASE_UNAVAILABLE);
    assertThat(paused.sqlStateClass()).isEqualTo("25");
    int returned = source.outcomes().size();
    writable();
    eventually("all are stored", () -> acknowledged() == 20);
    assertThat(rows()).isEqualTo(20);
    assertThat(returned).isLessThan(1_000);
    loop.close();
    everyMessageIsAccountedFor();
  }

  private boolean readOnly() {
    return database.rows("SHOW default_transaction_read_only").equals(List.of("on"));
  }

  private void writable() {
    database.execute(
        """
        SET default_transaction_read_only = off;
        COMMIT;
        ALTER SYSTEM RESET default_transaction_read_only
        """);
    database.execute("SELECT pg_reload_conf()");
  }

  @Test
  void connectionsThatBreakOneByOneDoNotLoseAnything() {
    int count = 20_000;
    publish(0, count);
    loop.start();
    for (int kills = 1; kills <= 5; kills++) {
      long goal = kills * 1_000L;
      eventually("some are stored", () -> acknowledged() >= Math.min(goal, count));
      database.rows(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'escala-ingest'");
    }
    eventually("all are stored", () -> acknowledged() == count);
    assertThat(rows()).isEqualTo(count);
  }
}
