package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.encoded;
import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.catalog.RelationName;
import dev.escala.http.Exchange;
import dev.escala.model.Caller;
import dev.escala.model.Rights;
import dev.escala.serve.database.DialectSettings;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A function that is called before each read, in its transaction and as its role. */
@Tag("integration")
class PreRequestTest {
  private static final List<String> ROLES = List.of("pre_reader", "pre_login");

  /** In each way in which rows are read: quickly, apart, as a stream, by a function, as SQL. */
  private static final List<String> WAYS =
      List.of(
          "/db/seen?id=eq.1",
          "/db/seen?limit=1",
          "/db/seen",
          "/db/rpc/sees",
          "/db?q=" + encoded("select id, tenant, role from seen"));

  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.dropRoles(ROLES);
    database.execute(
        """
        CREATE TABLE rows (id int PRIMARY KEY); INSERT INTO rows VALUES (1);
        CREATE VIEW seen AS SELECT id, current_setting('app.tenant', true) AS tenant,
          current_user::text AS role FROM rows;
        CREATE FUNCTION sees() RETURNS SETOF seen STABLE LANGUAGE sql AS 'SELECT * FROM seen';
        CREATE SCHEMA checks;
        CREATE FUNCTION checks."the first"() RETURNS void LANGUAGE plpgsql AS $$DECLARE
            headers json := current_setting('request.headers')::json;
          BEGIN
            CASE headers ->> 'x-do'
              WHEN 'refuse' THEN RAISE SQLSTATE 'PT403' USING MESSAGE = 'Not you, ' || current_user;
              WHEN 'write' THEN INSERT INTO rows VALUES (2);
              WHEN 'leave' THEN PERFORM set_config('app.tenant', 'left', false);
              WHEN 'turn' THEN PERFORM set_config('TimeZone', 'Asia/Tokyo', false);
              ELSE PERFORM set_config('app.tenant', coalesce(headers ->> 'x-tenant', 'none'), true);
            END CASE;
          END$$;
        CREATE ROLE pre_reader; CREATE ROLE pre_login LOGIN PASSWORD 'secret' NOINHERIT;
        GRANT pre_reader TO pre_login; GRANT USAGE ON SCHEMA checks TO pre_reader, pre_login;
        GRANT SELECT ON rows, seen TO pre_reader, pre_login;\
        """);
    served =
        ServedDatabase.startTrusting(
            ServedDatabase.settings(
                    database.url(),
                    Optional.of(ServedDatabase.login(database.url(), "pre_login")),
                    ServedDatabase.SQL)
                .with(DialectSettings.DEFAULT.calling(new RelationName("checks", "the first"))),
            PreRequestTest::caller);
  }

  private static Caller caller(Exchange exchange) {
    String role = exchange.header("X-Role");
    return role == null
        ? Caller.ANYBODY
        : new Caller(Caller.Kind.KNOWN, role, "{\"sub\": \"x\"}", Rights.ALL);
  }

  @AfterAll
  static void stop() {
    served.close();
    database.dropRoles(ROLES);
  }

  static List<String> ways() {
    return WAYS;
  }

  private static void assertSeen(String way, String tenant, String role, String... headers) {
    HttpResponse<String> answer = served.get(way, headers);
    assertThat(answer.body())
        .isEqualTo("[{\"id\":1,\"tenant\":\"%s\",\"role\":\"%s\"}]".formatted(tenant, role));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void whatItSetsIsSeenByTheReadAndByNoOther(String way) {
    assertSeen(way, "a", "pre_login", "X-Tenant", "a");
    assertSeen(way, "none", "pre_login");
    assertSeen(way, "b", "pre_reader", "X-Tenant", "b", "X-Role", "pre_reader");
    assertSeen(way, "left", "pre_reader", "X-Do", "leave", "X-Role", "pre_reader");
    assertSeen(way, "left", "pre_login", "X-Do", "leave");
    served.get(way, "X-Do", "turn");
    for (int i = 0; i < 20; i++) {
      assertSeen(way, "none", "pre_login");
    }
    eventually(
        "no transaction is open",
        () ->
            database.count(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND state LIKE 'idle in transaction%'")
                == 0);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void itRefuses(String way) {
    HttpResponse<String> refused = served.get(way, "X-Do", "refuse", "X-Role", "pre_reader");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("\"PT403\"", "Not you, pre_reader");
    assertSeen(way, "none", "pre_reader", "X-Role", "pre_reader");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/db/seen?id=eq.1", "/db/seen", "/db/rpc/sees"})
  void itOnlyReads(String way) {
    HttpResponse<String> refused = served.get(way, "X-Do", "write");
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.body()).contains("25006");
  }
}
