package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics that anybody may invent have tables of their own, and touch no others. */
@Tag("integration")
class WildcardTablesTest {
  private static final String YAML =
      """
      databases: {db: {url: "${URL}"}}
      topics:
        departures: {table: db.flights, canary: off}
        "*":        {table: "db.{topic}"}
      """;

  private final Database database = PostgresServer.newDatabase();
  private RunningServer server = RunningServer.start(YAML, database, Map.of());

  @AfterEach
  void stop() {
    server.close();
  }

  private void restart() {
    server.close();
    server = RunningServer.start(YAML, database, Map.of());
  }

  private HttpResponse<String> post(String topic) {
    return server.post("/topics/" + topic, "{\"n\":1}");
  }

  private String markOf(String table) {
    return database
        .rows(
            "SELECT coalesce(col_description('\"%s\"'::regclass, attnum), '') FROM pg_attribute"
                    .formatted(table)
                + " WHERE attrelid = '\"%s\"'::regclass AND attname = '_id'".formatted(table))
        .getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"users", "flights", "flights_pkey", "users_id_seq", "someone", "completed"})
  void whatIsSomebodyElsesIsARefusalOfTheRequest(String topic) {
    assertThat(post("departures").statusCode()).isEqualTo(200);
    database.execute(
        """
        CREATE TABLE users (id serial, name text);
        CREATE VIEW someone AS SELECT * FROM users;
        CREATE TABLE completed (_id uuid UNIQUE, _event_time timestamptz,
          _received_at timestamptz DEFAULT now(), _source text)
        """);
    HttpResponse<String> refused = post(topic);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("ESC130").contains("configure the topic");
    assertThat(server.get("/health").body()).doesNotContain("source http " + topic);
    assertThat(
            database.rows(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum >"
                    + " 0"))
        .containsExactly("id", "name");
  }

  @Test
  void aTableOfItsOwnIsMarkedAndFoundAgain() {
    assertThat(post("greetings").statusCode()).isEqualTo(200);
    assertThat(markOf("greetings")).contains("topic greetings,");
    restart();
    assertThat(post("greetings").statusCode()).isEqualTo(200);
    assertThat(database.count("SELECT count(*) FROM greetings")).isEqualTo(2);

    database.execute("ALTER TABLE greetings RENAME TO farewells");
    restart();
    assertThat(post("farewells").body()).contains("is the table of the topic greetings");
    assertThat(post("greetings").statusCode()).isEqualTo(200);
    assertThat(database.count("SELECT count(*) FROM greetings")).isEqualTo(1);
  }

  @Test
  void aTableThatWasMadeBeforeTablesWereMarkedKeepsWorking() {
    assertThat(post("greetings").statusCode()).isEqualTo(200);
    database.execute("COMMENT ON COLUMN greetings._id IS NULL");
    restart();
    assertThat(post("greetings").statusCode()).isEqualTo(200);
    assertThat(markOf("greetings")).contains("topic greetings,");
  }

  @Test
  void twoTopicsNeverShareATable() {
    assertThat(post("_id").statusCode()).isEqualTo(200);
    assertThat(database.count("SELECT count(*) FROM payload_id")).isEqualTo(1);
    assertThat(post("payload_id").body()).contains("ESC130");
    assertThat(database.count("SELECT count(*) FROM payload_id")).isEqualTo(1);
  }

  @Test
  void aConfiguredTopicMayHaveATableThatIsThere() {
    database.execute("CREATE TABLE flights (n bigint)");
    restart();
    assertThat(post("departures").statusCode()).isEqualTo(200);
    assertThat(markOf("flights")).isEmpty();
  }
}
