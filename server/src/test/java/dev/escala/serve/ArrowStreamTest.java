package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.http.connection.ConnectionSettings;
import dev.escala.http.connection.ConnectionSettings.Limit;
import dev.escala.http.connection.Resource;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.testing.Eventually;
import dev.escala.testing.PostgresServer;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of Apache Arrow that are longer than what is held at once. */
@Tag("integration")
class ArrowStreamTest {
  private static final int ROWS = 30_000;
  private static final byte[] HEAD_ENDS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE big AS SELECT i AS id, CASE WHEN i %% 3 > 0 THEN repeat('x', i %% 500) END AS filler,
          CASE WHEN i %% 5 > 0 THEN ARRAY[i, NULL] END AS list, i %% 2 = 0 AS even FROM generate_series(1, %d) i;
        CREATE TABLE giants AS SELECT i AS id, repeat('x', 2000000) AS filler FROM generate_series(1, 60) i;
        CREATE VIEW failing AS SELECT 1 / (25000 - id) AS q, filler FROM big;
        CREATE VIEW odd AS SELECT id, CASE WHEN id = 25000 THEN 'infinity'::date END AS d, filler FROM big;
        CREATE ROLE stream_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO stream_reader\
        """
            .formatted(ROWS));
    served = ServedDatabase.startFor(database, "stream_reader", ServedDatabase.SQL);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static byte[] body(String path) throws IOException, InterruptedException {
    return served.client().send(served.request("GET", path), BodyHandlers.ofByteArray()).body();
  }

  @Test
  void aLongAnswerHasSeveralBatches() throws IOException, InterruptedException {
    byte[] octets = body("/db/big?order=id&format=arrow");
    ArrowAnswer answer = ArrowAnswer.of(octets);
    assertThat(answer.batches()).hasSizeGreaterThan(10).doesNotContain(0);
    assertThat(octets.length / answer.batches().size()).isLessThan(600 << 10);
    List<Integer> ids = IntStream.rangeClosed(1, ROWS).boxed().toList();
    assertThat(answer.column("id")).isEqualTo(ids);
    assertThat(answer.column("filler"))
        .isEqualTo(ids.stream().map(i -> i % 3 > 0 ? "x".repeat(i % 500) : null).toList());
    assertThat(answer.column("list"))
        .isEqualTo(ids.stream().map(i -> i % 5 > 0 ? Arrays.asList(i, null) : null).toList());
    assertThat(answer.column("even")).isEqualTo(ids.stream().map(i -> i % 2 == 0).toList());
  }

  @Test
  void aBatchEndsWithTheRowThatFillsIt() throws IOException, InterruptedException {
    assertThat(ArrowAnswer.of(body("/db/giants?limit=6&format=arrow")).batches())
        .containsExactly(1, 1, 1, 1, 1, 1);
  }

  @Test
  void sqlIsCutOffAtItsLimits() throws IOException, InterruptedException {
    assertThat(cutOff("select id, even from big", "rows").rows()).hasSize(100);
    ArrowAnswer texts = cutOff("select id, filler from big where id > 200 order by id", "bytes");
    assertThat(texts.rows()).hasSizeBetween(20, 80);
    assertThat(texts.rows().getLast().get("id")).isEqualTo(200 + texts.rows().size());
  }

  /** What the database takes for one octet each has eight in the answer. */
  @Test
  void numbersHaveALengthToo() throws IOException, InterruptedException {
    String numbers = "id::bigint, ".repeat(16);
    ArrowAnswer answer =
        cutOff("select " + numbers + "list, filler is null as n from big where id <= 150", "bytes");
    assertThat(answer.rows()).hasSizeBetween(40, 80);
    int last = answer.rows().size();
    assertThat(answer.rows().getLast())
        .containsEntry("id", (long) last)
        .containsEntry("n", last % 3 == 0)
        .containsEntry("list", last % 5 > 0 ? Arrays.asList(last, null) : null);
  }

  private static ArrowAnswer cutOff(String sql, String limit)
      throws IOException, InterruptedException {
    String path = "/db?format=arrow&q=" + ServedDatabase.encoded(sql);
    assertThat(ServedDatabase.header(served.get(path), "Escala-Truncated")).isEqualTo(limit);
    return ArrowAnswer.of(body(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"failing", "odd"})
  void whatBreaksOffIsNoGoodAnswer(String view) throws IOException {
    byte[] octets = everything("/db/" + view + "?format=arrow");
    assertThat(new String(octets, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.0 200");
    byte[] body = Arrays.copyOfRange(octets, bodyBegins(octets), octets.length);
    assertThat(body.length).isGreaterThan(1 << 20);
    assertThatThrownBy(() -> ArrowAnswer.of(body)).isInstanceOf(IOException.class);
    assertThat(served.observer.all(RequestFailed.class)).isEmpty();
  }

  private static int bodyBegins(byte[] octets) {
    return IntStream.range(0, octets.length)
            .filter(i -> Arrays.equals(octets, i, i + 4, HEAD_ENDS, 0, 4))
            .findFirst()
            .orElseThrow()
        + 4;
  }

  private static byte[] everything(String path) throws IOException {
    try (Socket socket = request(path)) {
      return socket.getInputStream().readAllBytes();
    }
  }

  private static Socket request(String path) throws IOException {
    return request(served, path);
  }

  private static Socket request(ServedDatabase from, String path) throws IOException {
    Socket socket = new Socket("localhost", from.port());
    socket.setSoTimeout(30_000);
    socket
        .getOutputStream()
        .write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  @Test
  void aReaderThatStopsHoldsTheDatabaseBack() throws IOException {
    // More than the sockets of both sides may hold.
    try (Socket socket = request("/db/giants?format=arrow")) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      Eventually.eventually("the cursor waits", () -> waiting() == 1);
    }
    Eventually.eventually("the connection is given back", () -> waiting() == 0);
  }

  /** The first alone may take more than there is, as every answer may. */
  @ParameterizedTest
  @ValueSource(strings = {"arrow", "parquet"})
  void whatIsGatheredFindsRoomOrIsRefused(String form) throws IOException {
    ConnectionSettings small =
        ConnectionSettings.standard().with(Resource.ANSWERS, Limit.of(1 << 20));
    try (ServedDatabase limited =
        ServedDatabase.startLimited(ServedDatabase.settings(database.url()), small)) {
      String path = "/db/giants?id=gt.0&format=" + form;
      try (Socket first = request(limited, path)) {
        assertThat(first.getInputStream().read()).isEqualTo('H');
        HttpResponse<String> second = limited.get(path);
        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(second.body()).contains("ESC005", "Answers that are made");
        assertThat(ServedDatabase.header(second, "Retry-After")).isEqualTo("1");
      }
      Eventually.eventually(
          "the room is given back", () -> limited.get(path + "&limit=1").statusCode() == 200);
    }
  }

  private static long waiting() {
    return database.count(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'escala' AND datname ="
            + " current_database() AND state = 'idle in transaction' AND query LIKE '%giants%'");
  }
}
