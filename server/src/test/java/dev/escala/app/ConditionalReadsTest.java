package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has an answer already asks whether it is still the same; the database is not asked. */
@Tag("integration")
class ConditionalReadsTest {
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    DATABASE.execute(
        """
        CREATE TABLE plain (id int);
        CREATE TABLE airports (iata text PRIMARY KEY);
        """);
    server =
        RunningServer.start(
            """
            databases:
              db:
                url: "${URL}"
                relations:
                  flights: {refers-to: {origin: airports.iata}}
                  kept: {max-age: 30s}
            topics: {"*": {table: "db.{topic}"}}
            """,
            DATABASE,
            Map.of());
    publish(
        "flights", "{\"flight\": \"LH1\", \"origin\": \"BOG\", \"at\": \"2026-01-01T10:00:00Z\"}");
    DATABASE.execute(
        """
        CREATE VIEW seen AS SELECT * FROM flights;
        CREATE FUNCTION hour(flights) RETURNS timestamptz LANGUAGE sql AS 'SELECT now()';
        NOTIFY escala;
        """);
    eventually(
        "the catalog knows all of it",
        () ->
            server.get("/db/seen?select=hour").statusCode() == 200
                || server.get("/db/flights?select=hour").statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void publish(String topic, String body) {
    assertThat(server.post("/topics/" + topic, body).statusCode()).isEqualTo(200);
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  /** The tag of the answer, once the server knows the version of its table. */
  private static String tag(String path, String... headers) {
    eventually(path + " has a tag", () -> !header(server.get(path, headers), "ETag").isEmpty());
    return header(server.get(path, headers), "ETag");
  }

  private static HttpResponse<String> again(String path, String tag) {
    return server.get(path, "If-None-Match", tag);
  }

  private static void eventuallyUnchanged(String path, String tag) {
    eventually(path + " is unchanged", () -> again(path, tag).statusCode() == 304);
  }

  @Test
  void whatDidNotChangeIsNotSentAgain() {
    String path = "/db/flights?origin=eq.BOG&select=flight";
    String tag = tag(path);
    eventuallyUnchanged(path, tag);
    HttpResponse<String> unchanged = again(path, "\"other\", " + tag);
    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(unchanged.body()).isEmpty();
    assertThat(header(unchanged, "ETag")).isEqualTo(tag).startsWith("W/\"");
    HttpResponse<String> whole = server.get(path);
    for (String name : new String[] {"ETag", "Cache-Control", "Vary", "Content-Location"}) {
      assertThat(header(unchanged, name)).as(name).isNotEmpty().isEqualTo(header(whole, name));
    }
    assertThat(header(whole, "Cache-Control")).isEqualTo("no-cache");
    assertThat(server.send("HEAD", path, "", "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(again(path, "\"other\"").statusCode()).isEqualTo(200);
  }

  @Test
  void theDatabaseIsNotAsked() throws SQLException {
    publish("locked", "{\"n\": 1}");
    eventually("it is there", () -> server.get("/db/locked?limit=1").statusCode() == 200);
    String tag = tag("/db/locked?limit=1");
    eventuallyUnchanged("/db/locked?limit=1", tag);
    try (Connection connection = DATABASE.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
      assertThat(again("/db/locked?limit=1", tag).statusCode()).isEqualTo(304);
      connection.rollback();
    }
  }

  @Test
  void whoPublishedSeesItAtOnce() {
    for (int i = 0; i < 20; i++) {
      publish("counted", "{\"n\": %d}".formatted(i));
      String path = "/db/counted?select=n.max()";
      eventually("the topic is served", () -> server.get(path).statusCode() == 200);
      String tag = tag(path);
      publish("counted", "{\"n\": %d}".formatted(i + 100));
      HttpResponse<String> answer = again(path, tag);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains(Integer.toString(i + 100));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO %s (_id, _event_time, _source) VALUES (gen_random_uuid(), now(), 'x')",
        "UPDATE %s SET n = n + 1",
        "DELETE FROM %s",
        "TRUNCATE %s",
        "ALTER TABLE %s RENAME COLUMN n TO m",
        "ALTER TABLE %s ALTER COLUMN n TYPE text",
        "ALTER TABLE %s DROP COLUMN n",
        "COPY %s (_id, _event_time, _source) FROM PROGRAM 'echo"
            + " 00000000-0000-0000-0000-000000000000,2026-01-01,x' WITH (FORMAT csv)",
        "BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM %s; COMMIT"
      })
  void whatOthersChangeIsSeen(String statement) {
    String table = "changed" + Integer.toUnsignedString(statement.hashCode());
    publish(table, "{\"n\": 1}");
    String path = "/db/" + table;
    eventually("the topic is served", () -> server.get(path).statusCode() == 200);
    String tag = tag(path);
    eventuallyUnchanged(path, tag);
    DATABASE.execute(statement.formatted(table));
    eventually("it is another state", () -> again(path, tag).statusCode() != 304);
    assertThat(tag(path)).isNotEqualTo(tag);
  }

  @Test
  void whoMayWriteNeedsNoRightsOfOurs() {
    publish("shared", "{\"n\": 1}");
    eventually("the topic is served", () -> server.get("/db/shared").statusCode() == 200);
    String tag = tag("/db/shared");
    DATABASE.dropRoles(List.of("notes_writer"));
    DATABASE.execute(
        """
        CREATE ROLE notes_writer; GRANT USAGE ON SCHEMA public TO notes_writer;
        GRANT ALL ON shared TO notes_writer;
        SET ROLE notes_writer; DELETE FROM shared; RESET ROLE;
        """);
    eventually(
        "it is seen", () -> server.get("/db/shared", "If-None-Match", tag).body().equals("[]"));
    DATABASE.dropRoles(List.of("notes_writer"));
  }

  @Test
  void manyNotesAreSummedUpWithoutAChange() {
    for (int i = 0; i < 5; i++) {
      publish("busy", "{\"n\": %d}".formatted(i));
    }
    eventually("the topic is served", () -> server.get("/db/busy").statusCode() == 200);
    String tag = tag("/db/busy");
    DATABASE.execute(
        "INSERT INTO escala.table_change (relation)"
            + " SELECT 'plain'::regclass FROM generate_series(1, 2000)");
    eventually(
        "they are summed up",
        () -> {
          var _ = server.get("/db/busy");
          return DATABASE.count(
                  "SELECT count(*) FROM escala.table_change"
                      + " WHERE relation IN ('busy'::regclass, 'plain'::regclass)")
              == 2;
        });
    assertThat(tag("/db/busy")).isEqualTo(tag);
    eventuallyUnchanged("/db/busy", tag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/db/plain",
        "/db/seen",
        "/db/flights?select=flight,hour",
        "/db/flights?select=flight,airports(iata)",
        "/db/flights?at=lt.now",
        "/db/flights?at=lt.n%6Fw",
        "/db/flights?and=(at.gt.yesterday,at.lt.tomorrow)",
        "/db/flights?select=origin::date",
        "/db?q=SELECT+1"
      })
  void whatMayDifferWithoutAChangeHasNoTag(String path) {
    var _ = tag("/db/flights");
    assertThat(header(server.get(path), "ETag")).isEmpty();
  }

  @Test
  void whatIsCountedByStatisticsHasNoTag() {
    var _ = tag("/db/flights");
    assertThat(header(server.get("/db/flights", "Prefer", "count=planned"), "ETag")).isEmpty();
    assertThat(tag("/db/flights", "Prefer", "count=exact")).isNotEmpty();
  }

  @Test
  void anotherFormIsAnotherState() {
    String json = tag("/db/flights");
    assertThat(tag("/db/flights", "Accept", "text/csv")).isNotEqualTo(json);
    assertThat(tag("/db/flights", "Range", "0-0")).isNotEqualTo(json);
    assertThat(tag("/db/flights", "Prefer", "timezone=America/Bogota")).isNotEqualTo(json);
    assertThat(tag("/db/flights?limit=1")).isNotEqualTo(json);
  }

  @Test
  void rowsThatAreNotAlikeForAllHaveNoTag() {
    publish("secret", "{\"n\": 1}");
    eventually("the topic is served", () -> server.get("/db/secret").statusCode() == 200);
    String tag = tag("/db/secret");
    DATABASE.execute("ALTER TABLE secret ENABLE ROW LEVEL SECURITY");
    eventually("it is not the same any more", () -> again("/db/secret", tag).statusCode() == 200);
    eventually("there is no tag", () -> header(server.get("/db/secret"), "ETag").isEmpty());
  }

  @Test
  void whatMayBeKeptSaysForHowLong() {
    publish("kept", "{\"n\": 1}");
    eventually("the topic is served", () -> server.get("/db/kept").statusCode() == 200);
    assertThat(header(server.get("/db/kept"), "Cache-Control")).isEqualTo("max-age=30");
    assertThat(header(server.get("/db/plain"), "Cache-Control")).isEmpty();
  }
}
