package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.JsonText;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who listens to a table of a topic: what is told, and what is refused. */
@Tag("integration")
class TailTest {
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    DATABASE.execute(
        """
        CREATE TABLE airports (iata text PRIMARY KEY, city text);
        INSERT INTO airports VALUES ('BOG', 'Bogotá'), ('LIM', 'Lima');
        CREATE TABLE plain (id int);
        """);
    server =
        RunningServer.start(
            """
            databases:
              db:
                url: "${URL}"
                relations: {flights: {refers-to: {origin: airports.iata}}, few: {max-rows: 3}}
            topics:
              flights: {table: db.flights, key: $.id, tail: true}
              few: {table: db.few, key: $.id, tail: true}
              silent: {table: db.silent, key: $.id}
              "*": {table: "db.any_{topic}", tail: true}
            """,
            DATABASE,
            Map.of());
    publish("flights", "{\"id\": \"first\", \"origin\": \"BOG\", \"delay\": 1}");
    publish("few", "{\"id\": \"first\"}");
    publish("silent", "{\"id\": \"first\"}");
    publish("invented", "{\"n\": 1}");
    eventually(
        "the tables are known",
        () ->
            List.of("flights", "few", "silent", "any_invented").stream()
                .allMatch(table -> server.get("/db/" + table).statusCode() == 200));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void publish(String topic, String body) {
    var answer = server.post("/topics/" + topic, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static Listening listen(String path, String... headers) {
    Listening listening = new Listening(server, path, headers);
    assertThat(listening.status()).as(path).isEqualTo(200);
    return listening;
  }

  private static void eventuallyTold(Listening listening, String... rows) {
    eventually(() -> "told: " + listening.data(), () -> listening.data().size() >= rows.length);
    assertThat(listening.data()).containsExactly(rows);
  }

  @Test
  void aRowIsToldWhenItIsStored() {
    try (Listening listening = listen("/db/flights?select=id,origin")) {
      assertThat(listening.header("Content-Type")).isEqualTo("text/event-stream");
      assertThat(listening.header("Cache-Control")).isEqualTo("no-store");
      assertThat(listening.header("X-Accel-Buffering")).isEqualTo("no");
      publish("flights", "{\"id\": \"told-1\", \"origin\": \"BOG\"}");
      eventuallyTold(listening, "{\"id\":\"told-1\",\"origin\":\"BOG\"}");
    }
  }

  private static String keys(List<String> ids) {
    return ids.stream()
        .map(id -> "{\"id\": %s}".formatted(JsonText.of(id)))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void filtersAndSelectHold() {
    try (Listening late = listen("/db/flights?delay=gte.15&select=id,where:origin,airports(city)");
        Listening all = listen("/db/flights?id=like.held*&_id=not.is.null");
        Listening nothing = listen("/db/flights?id=like.held*&select=")) {
      publish(
          "flights",
          """
          {"id": "held-1", "origin": "BOG", "delay": 14}
          {"id": "held-2", "origin": "LIM", "delay": 15}
          {"id": "held-3", "origin": "XXX", "delay": 16}
          """);
      eventuallyTold(
          late,
          "{\"id\":\"held-2\",\"where\":\"LIM\",\"airports\":{\"city\":\"Lima\"}}",
          "{\"id\":\"held-3\",\"where\":\"XXX\",\"airports\":null}");
      eventually("all are told", () -> all.data().size() == 3);
      assertThat(all.data().getFirst())
          .startsWith("{\"id\":\"held-1\",\"origin\":\"BOG\",\"delay\":14,\"_id\":\"held-1\",");
      eventuallyTold(nothing, "{}", "{}", "{}");
    }
  }

  @Test
  void anyTextMayBeAKey() {
    List<String> ids =
        List.of("a,b", "(\"\\\")", "\u0001\t\n\r", "50% + ñ 😀 &=#", "null", "*", "'; --", "a:b.c");
    try (Listening listening = listen("/db/flights?select=id&id=not.like.held*")) {
      publish("flights", keys(ids));
      eventually(
          () -> "told: " + listening.data(),
          () -> listening.data().containsAll(ids.stream().map(TailTest::row).toList()));
    }
  }

  private static String row(String id) {
    return "{\"id\":" + JsonText.of(id) + "}";
  }

  @Test
  void whoWasCutGoesOnBehindTheLastRow() {
    List<String> ids = Stream.iterate(1, n -> n + 1).limit(150).map("on-%d"::formatted).toList();
    List<String> told = new ArrayList<>();
    Listening first = listen("/db/flights?select=id&id=like.on-*");
    publish("flights", keys(ids.subList(0, 50)));
    eventually("some are told", () -> first.data().size() == 50);
    first.close();
    told.addAll(first.data());
    publish("flights", keys(ids.subList(50, 150)));
    try (Listening second =
        listen("/db/flights?select=id&id=like.on-*", "Last-Event-ID", first.lastId())) {
      eventually("the rest is told", () -> second.data().size() == 100);
      told.addAll(second.data());
    }
    assertThat(told).containsExactlyInAnyOrderElementsOf(ids.stream().map(TailTest::row).toList());
  }

  @Test
  void whoWasCutBeforeAnyRowMissesNone() {
    Listening first = listen("/db/flights?select=id&id=eq.unseen");
    eventually("it has a position", () -> !first.lastId().isEmpty());
    first.close();
    publish("flights", "{\"id\": \"unseen\"}");
    try (Listening second =
        listen("/db/flights?select=id&id=eq.unseen", "Last-Event-ID", first.lastId())) {
      eventuallyTold(second, row("unseen"));
    }
  }

  /** The database refuses some of a batch, whose savepoints are rolled back; one is there twice. */
  @Test
  void whatIsNotStoredIsNotTold() {
    publish("flights", "{\"id\": \"once-0\", \"delay\": 1}");
    DATABASE.execute("ALTER TABLE flights ADD CONSTRAINT most CHECK (delay < 1000) NOT VALID");
    try (Listening listening = listen("/db/flights?select=id&id=like.once*")) {
      server.post(
          "/topics/flights",
          """
          {"id": "once-0", "delay": 2}
          {"id": "once-1", "delay": 3}
          {"id": "once-2", "delay": 1000}
          {"id": "once-3", "delay": "a word"}
          {"id": "once-4", "delay": 4}
          {"id": "once-1", "delay": 5}
          """);
      publish("flights", "{\"id\": \"once-5\", \"delay\": 6}");
      eventuallyTold(listening, row("once-1"), row("once-4"), row("once-5"));
    }
  }

  @Test
  void aLimitOfAnAnswerIsNoneOfAStream() {
    List<String> ids = Stream.iterate(1, n -> n + 1).limit(10).map("few-%d"::formatted).toList();
    try (Listening listening = listen("/db/few?select=id")) {
      publish("few", keys(ids));
      eventually("all are told", () -> listening.data().size() == 10);
    }
  }

  @Test
  void aTopicThatNoConfigurationNamesIsListenedTo() {
    try (Listening listening = listen("/db/any_invented?select=n")) {
      publish("invented", "{\"n\": 2}");
      eventuallyTold(listening, "{\"n\":2}");
    }
  }

  @Test
  void headIsAnsweredWithoutRows() {
    HttpResponse<String> head =
        server.send("HEAD", "/db/flights", "", "Accept", "text/event-stream");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Type")).hasValue("text/event-stream");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "order=id",
        "limit=3",
        "offset=1",
        "after=",
        "distinct=true",
        "select=delay.sum()",
        "select=count()",
        "having=(sum.gt.1)",
        "format=csv"
      })
  void whatHasNoMeaningIsRefused(String query) {
    Listening refused = new Listening(server, "/db/flights?" + query);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.problem()).contains("\"code\":\"ESC155\"");
  }

  @ParameterizedTest
  @CsvSource({"Prefer, count=exact", "Range, 0-9"})
  void headersWithoutMeaningAreRefusedToo(String name, String value) {
    Listening refused = new Listening(server, "/db/flights", name, value);
    assertThat(refused.problem()).contains("\"code\":\"ESC155\"");
  }

  @ParameterizedTest
  @CsvSource({
    "/db/silent, 406, ESC154",
    "/db/plain, 406, ESC154",
    "/db/unknown, 404, PGRST205",
    "/db/flights/, 404, PGRST125",
    "/db/flights?nothing=eq.1, 400, 42703",
    "/db/flights?select=nothing, 400, 42703",
    "/db/flights?delay=eq.word, 400, 22P02",
    "/db/flights?delay=, 400, PGRST100",
  })
  void whatCannotBeReadCannotBeListenedTo(String path, int status, String code) {
    Listening refused = new Listening(server, path);
    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.problem()).contains("\"code\":\"" + code + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; DROP TABLE flights; --",
        "1:2",
        "2:1:",
        "0:1:",
        "1:5:5",
        "1:5:3,2",
        "1:5:,",
        "-1:5:",
        "1:5:;1:9:;1",
        "1:5:;1:9:;1;99999999999",
        "1:5:;1:9:;1;2;3",
        "1:9:;1:5:;1;2",
        "99999999999999999999:99999999999999999999:",
        "pg_current_snapshot()"
      })
  void aPositionThatIsNoneIsRefused(String id) {
    Listening refused = new Listening(server, "/db/flights", "Last-Event-ID", id);
    assertThat(refused.status()).as(refused.problem()).isEqualTo(400);
    assertThat(refused.problem()).contains("\"code\":\"ESC104\"");
  }

  @Test
  void aPositionOfManyTransactionsIsNoneEither() {
    String many = "1:9000000:" + "2,".repeat(6_000);
    Listening refused = new Listening(server, "/db/flights", "Last-Event-ID", many);
    assertThat(refused.status()).isEqualTo(400);
  }

  /** As after a database was set back to an earlier state. */
  @ParameterizedTest
  @ValueSource(strings = {"900000000000:900000000000:", "1:2:;900000000000:900000000000:;1;1"})
  void aPositionOfAnotherDatabaseIsGone(String id) {
    Listening gone = new Listening(server, "/db/flights", "Last-Event-ID", id);
    assertThat(gone.status()).as(gone.problem()).isEqualTo(410);
    assertThat(gone.problem()).contains("\"code\":\"ESC156\"");
  }
}
