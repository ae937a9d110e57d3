package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.Exchange;
import dev.escala.model.Caller;
import dev.escala.model.Rights;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ALTER ROLE … SET} says holds for reads as the role. */
@Tag("integration")
class RoleSettingsTest {
  private static final List<String> ROLES = List.of("set_one", "set_two", "set_login");
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.dropRoles(ROLES);
    database.execute(
        """
        CREATE ROLE set_one; CREATE ROLE set_two;
        CREATE ROLE set_login LOGIN PASSWORD 'secret' NOINHERIT; GRANT set_one, set_two TO set_login;
        CREATE VIEW seen AS SELECT current_user::text AS role, current_setting('work_mem') AS memory,
          current_setting('statement_timeout') AS timeout, current_setting('DateStyle') AS dates,
          current_setting('search_path') AS path, current_setting('log_min_messages') AS messages,
          current_setting('log_min_duration_statement') AS logged;
        CREATE TABLE rows AS SELECT generate_series(1, 5000) AS id;
        CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(30)::text AS slept;
        GRANT SELECT ON seen, rows, slow TO set_one, set_two, set_login;
        GRANT SET ON PARAMETER log_min_messages TO set_login;
        ALTER ROLE set_one SET work_mem = '7MB';
        ALTER ROLE set_one SET statement_timeout = '1234ms';
        ALTER ROLE set_one SET DateStyle = 'German';
        ALTER ROLE set_one SET search_path = 'pg_catalog';
        ALTER ROLE set_one SET log_min_messages = 'panic';
        ALTER ROLE set_one SET log_min_duration_statement = '1234';
        ALTER ROLE set_two SET work_mem = '8MB';\
        """);
    database.execute(
        "ALTER ROLE set_two IN DATABASE %s SET work_mem = '9MB'"
            .formatted(database.url().database()));
    served =
        ServedDatabase.startTrusting(
            ServedDatabase.settings(
                database.url(),
                Optional.of(ServedDatabase.login(database.url(), "set_login")),
                ServedDatabase.SQL),
            RoleSettingsTest::caller);
  }

  private static Caller caller(Exchange exchange) {
    String role = exchange.header("X-Role");
    return role == null ? Caller.ANYBODY : new Caller(Caller.Kind.KNOWN, role, "{}", Rights.ALL);
  }

  @AfterAll
  static void stop() {
    served.close();
    database.execute("REVOKE SET ON PARAMETER log_min_messages FROM set_login");
    database.dropRoles(ROLES);
  }

  private static String seen(String path, String role) {
    HttpResponse<String> answer = served.get(path, "X-Role", role);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** Quickly, as a stream, and as SQL. */
  @ParameterizedTest
  @CsvSource({
    "/db/seen?limit=1, 100ms",
    "/db/seen, 1234ms",
    "/db?q=select%20*%20from%20seen, 1234ms"
  })
  void theyHoldForReadsAsTheRole(String path, String timeout) {
    assertThat(seen(path, "set_one"))
        .contains("\"role\":\"set_one\"", "\"memory\":\"7MB\"")
        .contains("\"timeout\":\"" + timeout + "\"")
        .as("where the login may set it")
        .contains("\"messages\":\"panic\"", "\"logged\":\"-1\"")
        .as("the form of values and where names are found is the server's")
        .contains("\"dates\":\"ISO, MDY\"", "public");
    assertThat(seen(path, "set_two"))
        .as("of this database before that of all")
        .contains("\"memory\":\"9MB\"", "\"messages\":\"warning\"");
    assertThat(served.get(path).body()).contains("\"memory\":\"4MB\"");
  }

  @Test
  void aTimeLimitOfTheRoleIsOne() {
    for (String path : List.of("/db/slow", "/db/slow?limit=1")) {
      HttpResponse<String> answer = served.get(path, "X-Role", "set_one");
      assertThat(answer.statusCode()).isEqualTo(504);
      assertThat(answer.body()).contains("57014");
    }
  }

  @Test
  void aChangeIsFound() {
    database.execute("ALTER ROLE set_two SET statement_timeout = '4321ms'");
    eventually("it is known", () -> seen("/db/seen", "set_two").contains("\"timeout\":\"4321ms\""));
  }
}
