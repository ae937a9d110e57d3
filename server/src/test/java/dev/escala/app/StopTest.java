package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.FreePort;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that is told to stop while requests run. */
@Tag("integration")
class StopTest {
  private static final int ROWS = 1_000_000;

  /** Takes a second or two, and far less than SQL may take also where others want the processor. */
  private static final int COUNTED = 4_000_000;

  private static final String SLOW =
      "SELECT count(*) AS n FROM generate_series(1, " + COUNTED + ")";

  private final Database database = PostgresServer.newDatabase();
  private @Nullable RunningServer running;

  @BeforeEach
  void prepare() {
    database.execute(
        "CREATE TABLE big (id int);"
            + " INSERT INTO big SELECT generate_series(1, %d);".formatted(ROWS)
            + " DROP ROLE IF EXISTS stop_reader; CREATE ROLE stop_reader LOGIN PASSWORD 'secret';"
            + " GRANT SELECT ON big TO stop_reader");
  }

  @AfterEach
  void stop() {
    server().close();
    database.execute("DROP OWNED BY stop_reader; DROP ROLE stop_reader");
  }

  private void start(String grace) {
    running =
        RunningServer.startAsWritten(
            """
            http:  {host: 127.0.0.1, port: 0, grace: %s}
            admin: {host: 127.0.0.1, port: 0}
            """
                    .formatted(grace)
                + """
                databases:
                  db: {url: "${URL}", read-url: "${READ}", sql: {timeout: 20s}}
                topics:
                  greetings: {table: db.greetings, canary: off}
                """,
            database,
            Map.of("READ", RunningServer.url(database, "stop_reader", "secret")));
    eventually("it serves", () -> server().get("/db/big?limit=1").statusCode() == 200);
  }

  private RunningServer server() {
    return Objects.requireNonNull(running);
  }

  private CompletableFuture<Void> closing() {
    return CompletableFuture.runAsync(server()::close);
  }

  private boolean runs(String query) {
    return database.count(
            """
            SELECT count(*) FROM pg_stat_activity WHERE application_name = 'escala'
              AND datname = current_database() AND state <> 'idle' AND query LIKE '%%%s%%'
              AND pid <> pg_backend_pid()\
            """
                .formatted(query))
        > 0;
  }

  private boolean accepts() {
    try (RawConnection connection = new RawConnection(server().address().getPort())) {
      return !connection.send("GET /ping HTTP/1.0\r\n\r\n").everything().isEmpty();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void aReadOfAMillionRowsIsAnsweredWhole() throws IOException {
    start("60s");
    try (RawConnection reader = new RawConnection(server().address().getPort())) {
      reader.send("GET /db/big?select=id HTTP/1.1\r\nHost: localhost\r\n\r\n");
      eventually("it is under way", () -> runs("big"));
      CompletableFuture<Void> closed = closing();
      eventually("nothing new is accepted", () -> !accepts());
      assertThat(closed).isNotDone();
      Answer answer = Answer.of(reader.everything());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body().lines()).hasSize(ROWS);
      assertThat(answer.body()).startsWith("[{\"id\":").endsWith("}]");
      closed.join();
    }
  }

  @Test
  void sqlIsAnsweredWhole() {
    start("60s");
    String path = "/db?q=" + URLEncoder.encode(SLOW, StandardCharsets.UTF_8);
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(() -> server().get(path));
    eventually("it runs", () -> runs("generate_series(1, " + COUNTED + ")"));
    CompletableFuture<Void> closed = closing();
    HttpResponse<String> answered = answer.join();
    assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
    assertThat(answered.body()).isEqualTo("[{\"n\":%d}]".formatted(COUNTED));
    assertThat(answered.headers().firstValue("Connection")).hasValue("close");
    closed.join();
  }

  @Test
  void whoTakesLongerThanTheGraceIsCutOff() throws IOException {
    start("200ms");
    try (RawConnection reader = new RawConnection(server().address().getPort())) {
      reader.send("GET /db/big?select=id HTTP/1.1\r\nHost: localhost\r\n\r\n");
      eventually("it is under way", () -> runs("big"));
      closing().join();
      assertThat(reader.everything()).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
      assertThat(runs("big")).isFalse();
    }
  }

  @Test
  void anIdleConnectionHoldsNothingUp() throws IOException {
    start("1h");
    try (RawConnection idle = new RawConnection(server().address().getPort())) {
      assertThat(idle.send("GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n").answer())
          .startsWith("200");
      closing().join();
      assertThat(idle.isClosedByServer()).isTrue();
    }
  }

  @Test
  void whatIsBeingPublishedIsStoredAndAnswered() throws IOException {
    start("60s");
    server().post("/topics/greetings", "{\"n\":0}");
    try (Connection lock = database.connect();
        Statement statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute("LOCK TABLE greetings IN SHARE MODE");
      CompletableFuture<HttpResponse<String>> answer =
          CompletableFuture.supplyAsync(() -> server().post("/topics/greetings", "{\"n\":1}"));
      eventually("it waits for its commit", this::waitsForALock);
      CompletableFuture<Void> closed = closing();
      eventually("nothing new is accepted", () -> !accepts());
      lock.commit();
      assertThat(answer.join().body()).contains("\"stored\":1");
      closed.join();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
    assertThat(database.count("SELECT count(*) FROM greetings")).isEqualTo(2);
  }

  private boolean waitsForALock() {
    return database.count(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'\
            """)
        > 0;
  }

  @Test
  void theFirstAnswerOfHealthIsOneOfHealth() {
    int port = FreePort.find();
    // Not one of the threads that other tests share: it asks until it is answered.
    CompletableFuture<String> first =
        CompletableFuture.supplyAsync(
            () -> firstHealth(port), asking -> Thread.ofPlatform().daemon().start(asking));
    running =
        RunningServer.startAsWritten(
            """
            http:  {host: 127.0.0.1, port: %d}
            admin: {host: 127.0.0.1, port: 0}
            databases:
              db: {url: "${URL}"}
            """
                .formatted(port),
            database,
            Map.of());
    assertThat(first.join()).contains("\"version\"", "\"database db\"");
  }

  private static String firstHealth(int port) {
    while (true) {
      try (RawConnection connection = new RawConnection(port)) {
        return connection.send("GET /health HTTP/1.0\r\n\r\n").everything();
      } catch (IOException notYet) {
        Thread.onSpinWait();
      }
    }
  }
}
