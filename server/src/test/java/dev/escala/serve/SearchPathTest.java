package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.DatabaseUrl;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.DialectSettings;
import dev.escala.testing.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where names without a schema are looked for. */
@Tag("integration")
class SearchPathTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE SCHEMA api; CREATE SCHEMA extra; CREATE SCHEMA "of Ours"; CREATE SCHEMA hidden;
        CREATE FUNCTION api.helper() RETURNS int LANGUAGE sql STABLE AS 'SELECT 7';
        CREATE FUNCTION extra.helper() RETURNS int LANGUAGE sql STABLE AS 'SELECT 8';
        CREATE FUNCTION extra.other() RETURNS int LANGUAGE sql STABLE AS 'SELECT 9';
        CREATE FUNCTION "of Ours".third() RETURNS int LANGUAGE sql STABLE AS 'SELECT 10';
        CREATE FUNCTION api.asks(what text) RETURNS int LANGUAGE plpgsql STABLE AS
          'DECLARE found int; BEGIN EXECUTE ''SELECT '' || what || ''()'' INTO found; RETURN found; END';
        CREATE TABLE api.t (id int PRIMARY KEY, what text);
        INSERT INTO api.t VALUES (1, 'helper'), (2, 'other'), (3, 'third');
        CREATE VIEW api.answers AS SELECT id, api.asks(what) AS found FROM api.t;
        CREATE DOMAIN api.code AS text; CREATE DOMAIN extra.tag AS text; CREATE DOMAIN hidden.not AS text;
        CREATE TABLE extra.secrets (id int); INSERT INTO extra.secrets VALUES (1);
        CREATE ROLE only_reads_api LOGIN PASSWORD 'secret';
        GRANT USAGE ON SCHEMA api, extra TO only_reads_api;
        GRANT SELECT ON ALL TABLES IN SCHEMA api, extra TO only_reads_api\
        """);
    served = ServedDatabase.start(settings(database.url(), Optional.empty()));
  }

  @AfterAll
  static void stop() {
    served.close();
    database.execute("DROP OWNED BY only_reads_api; DROP ROLE only_reads_api");
  }

  private static DatabaseSettings settings(DatabaseUrl url, Optional<DatabaseUrl> readUrl) {
    return new DatabaseSettings(
            "db",
            url,
            readUrl,
            List.of("api"),
            Duration.ofSeconds(30),
            ServedDatabase.POOLS,
            ServedDatabase.SQL)
        .with(
            new DialectSettings(
                List.of("extra", "of Ours"), DialectSettings.ALL, Map.of(), List.of(), false));
  }

  /** Over shared connections, and in transactions. */
  @ParameterizedTest
  @ValueSource(strings = {"id=eq.%d", "limit=1&id=gte.%d&order=id", "id=in.(%1$d,%1$d)&limit=5000"})
  void aViewCallsFunctionsByTheirNameAlone(String query) {
    assertThat(served.get("/db/answers?" + query.formatted(1)).body())
        .as("the exposed schema comes first")
        .isEqualTo("[{\"id\":1,\"found\":7}]");
    assertThat(served.get("/db/answers?" + query.formatted(2)).body())
        .isEqualTo("[{\"id\":2,\"found\":9}]");
    assertThat(served.get("/db/answers?" + query.formatted(3)).body())
        .isEqualTo("[{\"id\":3,\"found\":10}]");
  }

  @Test
  void castsNameTypesOfThePathAlone() {
    assertThat(served.get("/db/t?id=eq.1&select=what::code,id::tag").body())
        .isEqualTo("[{\"what\":\"helper\",\"id\":\"1\"}]");
    assertThat(served.get("/db/t?id=eq.1&select=what::not").statusCode()).isEqualTo(400);
  }

  @Test
  void theExtraPathIsNotExposed() {
    assertThat(served.get("/db/secrets").statusCode()).isEqualTo(404);
    assertThat(served.get("/db/secrets", "Accept-Profile", "extra").statusCode()).isEqualTo(406);
  }

  @Test
  void sqlOfACallerDoesNotSeeTheExtraPath() {
    DatabaseUrl login = ServedDatabase.login(database.url(), "only_reads_api");
    try (ServedDatabase sql = ServedDatabase.start(settings(database.url(), Optional.of(login)))) {
      assertThat(sql.sql("select count(*) from t", "").body()).contains("3");
      assertThat(sql.sql("select count(*) from secrets", "").body()).contains("42P01");
      assertThat(sql.sql("select 'x'::tag", "").statusCode()).isEqualTo(400);
      assertThat(sql.sql("select other()", "").statusCode()).isEqualTo(400);
    }
  }
}
