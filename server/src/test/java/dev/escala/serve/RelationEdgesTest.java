package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.RequestFailed;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
class RelationEdgesTest {
  private static final String WAITING =
      """
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'escala' AND query LIKE '%wide%'
        AND state = 'idle in transaction' AND state_change < clock_timestamp() - interval '300 ms'\
      """;

  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE sorted (id int PRIMARY KEY, n numeric, f float8, d date, doc jsonb);
        INSERT INTO sorted VALUES
          (1, 9, 9, '0009-01-01', '9'), (2, 10, 10, '10000-01-01', '10'),
          (3, -1, -1, '0100-01-01 BC', '-1');
        CREATE TABLE lines (id int PRIMARY KEY, doc json, docs json[]);
        INSERT INTO lines VALUES
          (1, E'{"a":\\r\\n 1,\\n\\n"b": "x\\\\ny"}', ARRAY[E'[1,\\n2]'::json]);
        CREATE TABLE keyed (id bigint PRIMARY KEY, a int, b text, c int UNIQUE, d int, UNIQUE (a, b));
        CREATE UNIQUE INDEX partly ON keyed (d) WHERE d > 0;
        CREATE UNIQUE INDEX computed ON keyed ((d + 1));
        INSERT INTO keyed VALUES (1, 1, 'x', 1, 1), (2, 1, 'y', 2, 2);
        CREATE DOMAIN us$dollar AS numeric;
        CREATE VIEW slow AS SELECT 1 AS a, pg_sleep(60)::text AS s\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @ParameterizedTest
  @CsvSource({"n", "f", "doc"})
  void ordersByTheColumnAndNotByItsText(String column) {
    String query = "/db/sorted?select=%s&order=%s".formatted(column, column);
    assertThat(served.get(query).body().replaceAll("[^0-9,-]", "")).isEqualTo("-1,9,10");
    assertThat(served.get(query, "Accept", "text/csv").body().lines())
        .containsExactly(column, "-1", "9", "10");
  }

  @Test
  void ordersDatesInCsvToo() {
    assertThat(served.get("/db/sorted?select=d&order=d", "Accept", "text/csv").body().lines())
        .containsExactly("d", "0100-01-01 BC", "0009-01-01", "10000-01-01");
  }

  @Test
  void aJsonOfManyLinesIsOneLine() {
    String expected = "{\"id\":1,\"doc\":{\"a\":   1,  \"b\": \"x\\ny\"},\"docs\":[[1, 2]]}\n";
    for (String query : List.of("/db/lines", "/db/lines?limit=5")) {
      assertThat(served.get(query, "Accept", "application/x-ndjson").body()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id=eq.1",
        "id=in.(1,2,3)",
        "a=eq.1&b=eq.x",
        "a=in.(1,2)&b=in.(x,y)",
        "c=eq.1&d=gt.0",
        "and=(id.eq.1,c.eq.1)",
        "limit=1000",
        "id=gt.0&limit=5"
      })
  void fewRowsShareAConnection(String query) {
    String before = now();
    assertThat(served.get("/db/keyed?" + query).statusCode()).isEqualTo(200);
    assertThat(streamsSince(before)).as("transactions").isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id=gt.1",
        "id=not.eq.1",
        "or=(id.eq.1,c.eq.1)",
        "a=eq.1",
        "b=eq.x",
        "d=eq.1",
        "limit=1001",
        "id=eq(any).{1}"
      })
  void perhapsManyRowsHaveATransactionOfTheirOwn(String query) {
    String encoded = query.replace("{", "%7B").replace("}", "%7D");
    String before = now();
    assertThat(served.get("/db/keyed?" + encoded).statusCode()).isEqualTo(200);
    eventually("a transaction ended, behind the answer", () -> streamsSince(before) > 0);
  }

  private static String now() {
    return database.rows("SELECT clock_timestamp()").getFirst();
  }

  /** How many connections of streams ended something since then. */
  private static long streamsSince(String before) {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
          AND application_name = 'escala' AND query = 'ROLLBACK' AND state_change > '%s'\
        """
            .formatted(before));
  }

  @Test
  void aTypeThatChangesIsSeenAtOnceInEachForm() {
    for (String path : List.of("/db/typed", "/db/typed?limit=10", "/db/typed?id=eq.1")) {
      database.execute(
          "DROP TABLE IF EXISTS typed; CREATE TABLE typed (id int PRIMARY KEY, v int);"
              + " INSERT INTO typed VALUES (1, 7)");
      eventually("it is known", () -> served.get(path).body().equals("[{\"id\":1,\"v\":7}]"));
      database.execute("ALTER TABLE typed ALTER v TYPE text USING v || 'x'");
      assertThat(served.get(path).body()).isEqualTo("[{\"id\":1,\"v\":\"7x\"}]");
      database.execute("ALTER TABLE typed ALTER v TYPE numeric USING 1.5");
      assertThat(served.get(path).body()).isEqualTo("[{\"id\":1,\"v\":1.5}]");
      database.execute("ALTER TABLE typed ALTER v TYPE timestamptz USING '2026-01-01Z'");
      assertThat(served.get(path).body()).contains("\"2026-01-01T00:00:00+00:00\"");
      database.execute("ALTER TABLE typed ALTER v TYPE jsonb USING '[1]'");
      assertThat(served.get(path).body()).isEqualTo("[{\"id\":1,\"v\":[1]}]");
    }
  }

  /**
   * Connections that never prepared the statement get no error of the database, but other types; a
   * text that was a number may be one until the catalog is read again, but always JSON.
   */
  @Test
  void aTypeThatChangedIsSeenByConnectionsThatDidNotPrepareYet() {
    database.execute(
        "CREATE TABLE widened (id int PRIMARY KEY, v int, t text, j jsonb, n numeric)");
    database.execute("INSERT INTO widened VALUES (1, 7, '8', '9', 10)");
    eventually("it is known", () -> served.get("/db/widened?limit=1").statusCode() == 200);
    for (String column : List.of("v", "t", "j", "n")) {
      for (String type : List.of("numeric", "text", "bigint")) {
        database.execute(
            "ALTER TABLE widened ALTER %1$s TYPE %2$s USING %1$s::text::numeric::%2$s"
                .formatted(column, type));
        List<CompletableFuture<String>> answers =
            IntStream.range(0, 20)
                .mapToObj(
                    i ->
                        CompletableFuture.supplyAsync(
                            () -> served.get("/db/widened?limit=1&select=" + column).body()))
                .toList();
        assertThat(answers.stream().map(CompletableFuture::join).distinct())
            .as(column + " as " + type)
            .allMatch(body -> body.matches("\\[\\{\"" + column + "\":(\\d+|\"\\d+\")}]"));
      }
    }
  }

  /** A look at the catalog that began before the change does not see it. */
  @Test
  void aTypeThatChangesIsSeenThoughTheCatalogIsLookedAtMeanwhile() {
    database.execute(
        "CREATE TABLE watched (id int PRIMARY KEY, j jsonb); INSERT INTO watched VALUES (1, '7')");
    eventually("it is known", () -> served.get("/db/watched?id=eq.1").statusCode() == 200);
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> looking =
        CompletableFuture.runAsync(
            () -> {
              while (!over.get()) {
                database.execute("NOTIFY escala");
              }
            });
    try {
      for (int i = 0; i < 60; i++) {
        String type = i % 2 == 0 ? "numeric" : "jsonb";
        database.execute(
            "ALTER TABLE watched ALTER j TYPE %1$s USING j::text::%1$s".formatted(type));
        assertThat(served.get("/db/watched?id=eq.1").body())
            .as("as %s, the %s. time", type, i)
            .isEqualTo("[{\"id\":1,\"j\":7}]");
      }
    } finally {
      over.set(true);
      looking.join();
    }
  }

  /** The database ends the connection of a read whose answer has begun. */
  @Test
  void aFailureOfOursInTheMiddleEndsTheAnswer() throws IOException {
    database.execute(
        "CREATE TABLE wide AS SELECT i AS id, repeat('x', 500) AS filler"
            + " FROM generate_series(1, 100000) i");
    eventually("it is known", () -> served.get("/db/wide?limit=1").statusCode() == 200);
    try (RawConnection reader = new RawConnection(served.port())) {
      reader.send("GET /db/wide HTTP/1.1\r\nHost: localhost\r\n\r\n");
      eventually(
          "the stream waits for its reader",
          () -> database.count("SELECT count(*) FROM (%s) s".formatted(WAITING)) == 1);
      database.execute("SELECT pg_terminate_backend(pid) FROM (%s) s".formatted(WAITING));
      assertThat(reader.everything()).startsWith("HTTP/1.1 200").doesNotEndWith("0\r\n\r\n");
    }
    assertThat(served.observer.all(RequestFailed.class))
        .anySatisfy(failed -> assertThat(failed.route()).isEqualTo("/{database}/{relation}"));
    assertThat(served.observer.all(RequestServed.class))
        .as("counted with the status of the failure")
        .anySatisfy(request -> assertThat(request.status()).isEqualTo(503));
  }

  @Test
  void whatTakesTooLongIsNoFailureOfOurs() {
    try (ServedDatabase hasty =
        ServedDatabase.start(
            new DatabaseSettings(
                "db",
                database.url(),
                Optional.empty(),
                List.of("public"),
                java.time.Duration.ofMillis(300),
                ServedDatabase.POOLS,
                ServedDatabase.SQL))) {
      for (String path : List.of("/db/slow", "/db/slow?limit=1")) {
        HttpResponse<String> answer = hasty.get(path);
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("57014", "time limit");
      }
      assertThat(hasty.observer.all(RequestFailed.class)).isEmpty();
    }
  }

  /** In a transaction the driver parses what has operands of wrong types twice. */
  @ParameterizedTest
  @CsvSource({
    "b=is.true&limit=5, timezone=UTC, argument of IS TRUE must be type boolean",
    "b=is.true, timezone=UTC, argument of IS TRUE must be type boolean",
    "a=sl.1&limit=5, count=exact, argument of WHERE must be type boolean",
    "a=sl.1&limit=5, count=planned, argument of WHERE must be type boolean"
  })
  void operandsOfWrongTypesAreTheFaultOfTheRequest(String query, String prefer, String message) {
    HttpResponse<String> answer = served.get("/db/keyed?" + query, "Prefer", prefer);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("42804", message);
  }

  @Test
  void aLimitOfPostgresIsTheFaultOfTheRequest() {
    String select = "id,".repeat(1700) + "id";
    HttpResponse<String> answer = served.get("/db/keyed?limit=1&select=" + select);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("54011");
  }

  /** Each row is inserted with its negative: a snapshot never has an odd number of rows. */
  @Test
  void theCountIsOfTheSameSnapshotAsTheRows() {
    database.execute("CREATE TABLE growing (id int)");
    eventually("it is known", () -> served.get("/db/growing").statusCode() == 200);
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () ->
                database.execute(
                    "DO $$ BEGIN FOR i IN 1..2000 LOOP INSERT INTO growing VALUES (i), (-i);"
                        + " COMMIT; END LOOP; END $$"));
    do {
      for (String query : List.of("", "?limit=1000")) {
        HttpResponse<String> answer =
            served.get("/db/growing" + query, "Prefer", "count=exact", "Accept", "text/csv");
        long rows = answer.body().lines().count() - 1;
        String range = answer.headers().firstValue("Content-Range").orElseThrow();
        long total = Long.parseLong(range.substring(range.indexOf('/') + 1));
        assertThat(rows).as(range).isEqualTo(query.isEmpty() ? total : Math.min(total, 1000));
      }
    } while (!writing.isDone());
  }

  /** In SQL it would be a parameter, or open a text that ends at the next one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "id::$1",
        "id::text $1",
        "id::$$",
        "id::text $$",
        "id::int $a$,n::int $a$",
        "id::1$a$",
        "id::text 1$1"
      })
  void noDollarThatStartsSomethingReachesTheSqlOfACast(String select) {
    HttpResponse<String> response =
        served.get("/db/sorted?select=" + ServedDatabase.encoded(select));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("PGRST100", "unexpected \\\"$\\\"");
  }

  @Test
  void aTypeMayHaveADollarInItsName() {
    assertThat(served.get("/db/sorted?select=n::us$dollar&id=eq.1").body())
        .isEqualTo("[{\"n\":9}]");
    assertThat(served.get("/db/sorted?select=n::double+precision&id=eq.1").body())
        .isEqualTo("[{\"n\":9}]");
  }
}
