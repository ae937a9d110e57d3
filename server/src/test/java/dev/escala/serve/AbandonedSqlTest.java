package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.HealthProbe;
import dev.escala.observe.HealthProbe.Report;
import dev.escala.observe.Observation;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.SqlSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SQL that goes on though it was cancelled takes no connection from others for good. */
@Tag("integration")
class AbandonedSqlTest {
  private static final String STUBBORN = "select stubborn()";

  private final Database database = PostgresServer.newDatabase();
  private final String reader = "stubborn_of_" + database.url().database();
  private ServedDatabase served;

  @BeforeEach
  void start() {
    database.execute(
        """
        CREATE ROLE %1$s LOGIN PASSWORD 'secret';
        CREATE TABLE flights AS SELECT 1 AS id;
        ALTER TABLE flights ADD PRIMARY KEY (id);
        GRANT SELECT ON flights TO %1$s;
        CREATE FUNCTION stubborn() RETURNS int LANGUAGE plpgsql STABLE AS $$
          BEGIN
            LOOP
              BEGIN
                PERFORM pg_sleep(600);
              EXCEPTION WHEN query_canceled THEN
                NULL;
              END;
            END LOOP;
          END
        $$\
        """
            .formatted(reader));
    served = ServedDatabase.start(settings(2, 1));
  }

  private DatabaseSettings settings(int connections, int abandoned) {
    return new DatabaseSettings(
        "db",
        database.url(),
        Optional.of(ServedDatabase.login(database.url(), reader)),
        List.of("public"),
        Duration.ofSeconds(30),
        ServedDatabase.POOLS.sql(connections, abandoned),
        new SqlSettings(true, 100, 10_000, Duration.ofSeconds(1), 10_000));
  }

  @AfterEach
  void stop() {
    terminate();
    served.close();
    database.execute("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(reader));
  }

  /** What docs/runbooks/database.md says. */
  private void terminate() {
    database.execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'escala' AND state = 'active'\
        """);
  }

  private void outlive() {
    HttpResponse<String> response = served.sql(STUBBORN, "");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.body()).contains("ESC125");
  }

  private Report health() {
    HealthProbe probe = served.api.probes().getFirst();
    return probe.check().toCompletableFuture().join();
  }

  @Test
  void itsClientIsAnsweredAndOthersGetAConnectionInItsPlace() {
    outlive();

    assertThat(served.sql("select 1 as a", "").body()).isEqualTo("[{\"a\":1}]");
    assertThat(served.get("/db/flights?id=eq.1").statusCode()).isEqualTo(200);
    assertThat(health().status()).isEqualTo(HealthProbe.Status.WARN);
    assertThat(health().details()).containsEntry("abandoned_statements", 1);
    assertThat(served.observer.all(Observation.StatementOutlived.class))
        .singleElement()
        .satisfies(
            one ->
                assertThat(health().details())
                    .containsEntry("to_terminate", String.valueOf(one.processId())));
  }

  @Test
  void onlySoManyAreReplacedAndTheRestOfTheServerIsNotHurt() {
    outlive();
    outlive();
    outlive();

    HttpResponse<String> refused = served.sql("select 1 as a", "");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("ESC005", "all 2 connections for SQL");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(served.get("/db/flights").body()).isEqualTo("[{\"id\":1}]");
    assertThat(health().details()).containsEntry("abandoned_statements", 3);
    assertThat(running()).isEqualTo(3);
  }

  @Test
  void whatIsTerminatedLeavesNothingBehind() {
    outlive();
    outlive();
    outlive();
    terminate();

    eventually("SQL is answered", () -> served.sql("select 1 as a", "").statusCode() == 200);
    eventually("health is well", () -> health().status() == HealthProbe.Status.OK);
    eventually(
        "their end is told",
        () ->
            served.observer.all(Observation.StatementEnded.class).stream()
                .map(Observation.StatementEnded::now)
                .toList()
                .equals(List.of(2, 1, 0)));
    outlive();
    assertThat(served.sql("select 1 as a", "").statusCode()).isEqualTo(200);
  }

  @Test
  void oneOfAClientThatLeftIsReplacedToo() throws IOException {
    try (RawConnection client = new RawConnection(served.port())) {
      client.send("GET /db?q=select+stubborn() HTTP/1.1\r\nHost: x\r\n\r\n");
      eventually("it runs", () -> running() == 1);
    }

    eventually("it is abandoned", () -> health().details().containsKey("abandoned_statements"));
    assertThat(served.sql("select 1 as a", "").statusCode()).isEqualTo(200);
  }

  /** The rows, not the estimate before them. */
  private long running() {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'escala' AND state = 'active'
          AND query LIKE 'SELECT CASE%stubborn%'\
        """);
  }
}
