package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.DialectSettings;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ?q=…&explain=}: how SQL is run. */
@Tag("integration")
class SqlPlanTest {
  private static final String CHEAP = "select id from t where id = :id";
  private static final String DEAR = "select count(*) from t a, t b, t c";
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE ROLE sql_plan_reader LOGIN PASSWORD 'secret';
        CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 3000) i; ANALYZE t;
        GRANT SELECT ON t TO sql_plan_reader\
        """);
    served = ServedDatabase.start(settings(true));
  }

  private static DatabaseSettings settings(boolean plans) {
    return ServedDatabase.settings(
            database.url(),
            Optional.of(ServedDatabase.login(database.url(), "sql_plan_reader")),
            ServedDatabase.SQL)
        .with(
            new DialectSettings(
                List.of("public"), DialectSettings.ALL, Map.of(), List.of(), plans));
  }

  @AfterAll
  static void stop() {
    served.close();
    database.execute("DROP OWNED BY sql_plan_reader; DROP ROLE sql_plan_reader");
  }

  private static String type(HttpResponse<String> answer) {
    return answer.headers().firstValue("Content-Type").orElse("none");
  }

  @Test
  void textIsForPeople() {
    HttpResponse<String> plan = served.sql(CHEAP, "&id=7&explain=text");
    assertThat(plan.statusCode()).isEqualTo(200);
    assertThat(type(plan)).isEqualTo("text/plain; charset=utf-8");
    assertThat(plan.body()).contains("Limit", "Seq Scan on", "(id = 7)").doesNotContain("actual");
    assertThat(served.sql(CHEAP, "&id=7&explain=").body()).contains("Seq Scan on");
  }

  @Test
  void jsonIsForPrograms() {
    HttpResponse<String> plan = served.sql(CHEAP, "&id=7&explain=json");
    assertThat(type(plan)).isEqualTo("application/json; charset=utf-8");
    JsonNode read = JsonMapper.shared().readTree(plan.body());
    assertThat(read.at("/0/Plan/Total Cost").doubleValue()).isPositive();
    assertThat(read.at("/0/Plan").has("Actual Rows")).isFalse();
  }

  @Test
  void analyzeRunsWithinTheLimits() {
    HttpResponse<String> plan = served.sql(CHEAP, "&id=7&explain=json,analyze");
    assertThat(plan.body()).contains("Actual Rows");
    assertThat(served.sql(DEAR, "&explain=json,analyze").body()).contains("ESC121");
    assertThat(served.sql(DEAR, "&explain=json").body()).contains("Total Cost");
  }

  @Test
  void theMediaTypeIsThatOfReads() {
    HttpResponse<String> plan =
        served.sql(CHEAP, "&id=7", "Accept", "application/vnd.pgrst.plan+json; options=buffers");
    assertThat(type(plan))
        .isEqualTo(
            "application/vnd.pgrst.plan+json; for=\"application/json\"; options=buffers;"
                + " charset=utf-8");
    assertThat(plan.body()).contains("Total Cost");
  }

  @Test
  void whatIsNoPlanIsRefused() {
    assertThat(served.sql(CHEAP, "&id=7&explain=xml").body()).contains("ESC124", "'xml'");
    assertThat(served.sql("select :explain", "").body()).contains("ESC123", ":explain");
    assertThat(served.sql("explain select 1", "").body()).contains("ESC120", "&explain=text");
  }

  @Test
  void theyAreOffByDefault() {
    try (ServedDatabase closed = ServedDatabase.start(settings(false))) {
      HttpResponse<String> plan = closed.sql(CHEAP, "&id=7&explain=text");
      assertThat(plan.statusCode()).isEqualTo(403);
      assertThat(plan.body()).contains("ESC147", "plan-enabled");
      assertThat(
              closed.sql(CHEAP, "&id=7", "Accept", "application/vnd.pgrst.plan+json").statusCode())
          .isEqualTo(406);
    }
  }
}
