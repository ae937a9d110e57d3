package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.RequestFailed;
import dev.escala.testing.Eventually;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
class StreamingTest {
  private static final int ROWS = 200_000;
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE big AS SELECT i AS id, repeat('x', 500) AS filler
          FROM generate_series(1, %d) i;
        CREATE VIEW slow AS SELECT i, pg_sleep(0.2)::text AS s FROM generate_series(1, 1000000) i;
        CREATE VIEW backend AS SELECT pg_backend_pid() AS pid FROM generate_series(1, 5000);
        CREATE VIEW failing AS SELECT 1 / (700 - i) AS q FROM generate_series(1, 5000) i;
        ANALYZE big\
        """
            .formatted(ROWS));
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @Test
  void aReaderThatTakesItsTimeGetsAllRowsOnce() throws IOException {
    int rows = 50_000;
    try (RawConnection reader = new RawConnection(served.port())) {
      reader.send(
          "GET /db/big?order=id&limit=%d HTTP/1.0\r\nAccept: application/x-ndjson\r\n\r\n"
              .formatted(rows));
      Eventually.eventually(
          "the cursor waits for it",
          () ->
              sessions(
                      "state = 'idle in transaction' AND query LIKE '%big%'"
                          + " AND state_change < clock_timestamp() - interval '300 ms'")
                  == 1);
      String said = reader.everything();
      List<Integer> ids =
          said.substring(said.indexOf("\r\n\r\n") + 4)
              .lines()
              .map(line -> Integer.valueOf(line.substring(6, line.indexOf(','))))
              .toList();
      assertThat(ids).containsExactlyElementsOf(IntStream.rangeClosed(1, rows).boxed().toList());
    }
  }

  @Test
  void aStreamOfJsonIsAnArrayAndCountsWhenAsked() throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        served
            .client()
            .send(
                served.request(
                    "GET",
                    "/db/big?limit=5000&offset=10&order=id&select=id",
                    "Prefer",
                    "count=exact"),
                BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.headers().firstValue("Content-Range")).hasValue("10-5009/" + ROWS);
    String body = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(body).startsWith("[{\"id\":11},\n{\"id\":12}").endsWith("{\"id\":5010}]");
    assertThat(body.split("\n", -1)).hasSize(5000);
  }

  @Test
  void aReaderThatStopsHoldsOneBatchBack() throws IOException {
    try (Socket socket = request("/db/big")) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      Eventually.eventually(
          "the cursor waits in its transaction",
          () -> sessions("state = 'idle in transaction' AND query LIKE '%big%'") == 1);
    }
    Eventually.eventually(
        "the connection is given back", () -> sessions("state = 'idle in transaction'") == 0);
  }

  @Test
  void clientsThatGoAwayOneAfterTheOtherLeaveNoTransaction() throws IOException {
    for (int i = 0; i < 20; i++) {
      try (Socket socket = request("/db/big")) {
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
    }
    Eventually.eventually(
        "no transaction is left", () -> sessions("state <> 'idle' AND query LIKE '%big%'") == 0);
    assertThat(served.get("/db/big?id=eq.7&select=id").body()).isEqualTo("[{\"id\":7}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/db/backend", "/db/backend?limit=10"})
  void clientsThatLeaveWithTheWholeAnswerLeaveTheConnectionAlone(String path) {
    Set<String> backends = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      Pattern.compile("\"pid\":(\\d+)")
          .matcher(served.get(path, "Prefer", "count=exact").body())
          .results()
          .map(found -> found.group(1))
          .forEach(backends::add);
    }
    // The pool may open a second connection before the first is given back; none may have ended.
    assertThat(backends).isNotEmpty();
    assertThat(sessions("pid IN (" + String.join(", ", backends) + ")")).isEqualTo(backends.size());
  }

  @Test
  void aClientThatGoesAwayCancelsTheStatement() throws IOException {
    try (Socket socket = request("/db/slow")) {
      assertThat(socket.isConnected()).isTrue();
      Eventually.eventually(
          "the statement runs", () -> sessions("state = 'active' AND query LIKE '%slow%'") == 1);
    }
    Eventually.eventually(
        "the statement ends", () -> sessions("query LIKE '%slow%' AND state = 'active'") == 0);
  }

  @Test
  void anErrorInTheMiddleBreaksTheAnswerOff() {
    String lines = readAll("/db/failing", "Accept: application/x-ndjson\r\n");
    assertThat(lines).contains("{\"error\":{\"code\":\"22012\"").doesNotEndWith("0\r\n\r\n");
    assertThat(lines.lines().filter(line -> line.contains("error"))).hasSize(1);
    for (String form : List.of("application/json", "text/csv")) {
      assertThat(readAll("/db/failing", "Accept: " + form + "\r\n"))
          .contains("200 OK")
          .doesNotContain("}]", "22012")
          .doesNotEndWith("0\r\n\r\n");
    }
    assertThat(served.observer.all(RequestFailed.class)).as("the fault of the view").isEmpty();
  }

  private static String readAll(String path, String headers) {
    try (Socket socket = request(path, headers)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static Socket request(String path) throws IOException {
    return request(path, "");
  }

  private static Socket request(String path, String headers) throws IOException {
    Socket socket = new Socket("localhost", served.port());
    socket.setSoTimeout(30_000);
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static long sessions(String condition) {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'escala' AND datname = current_database() AND %s\
        """
            .formatted(condition));
  }
}
