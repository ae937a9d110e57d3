package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.serve.database.DialectSettings;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code application/vnd.pgrst.plan}: how a request is run. */
@Tag("integration")
class PlanTest {
  private static final String PLAN = "application/vnd.pgrst.plan";
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute("CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 3000) i; ANALYZE t");
    served =
        ServedDatabase.start(
            ServedDatabase.settings(database.url())
                .with(
                    new DialectSettings(
                        List.of("public"), DialectSettings.ALL, Map.of(), List.of(), true)));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String type(HttpResponse<String> answer) {
    return answer.headers().firstValue("Content-Type").orElse("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        PLAN + "|" + PLAN + "+text; for=\"application/json\"; charset=utf-8",
        PLAN + "+text;|" + PLAN + "+text; for=\"application/json\"; charset=utf-8",
        PLAN + "+json|" + PLAN + "+json; for=\"application/json\"; charset=utf-8",
        PLAN + "+json; for=\"text/csv\"|" + PLAN + "+json; for=\"text/csv\"; charset=utf-8",
        PLAN
            + "; for=\"application/vnd.apache.parquet\"|"
            + PLAN
            + "+text; for=\"application/vnd.apache.parquet\"; charset=utf-8",
      })
  void theTypeIsEchoed(String accept, String expected) {
    HttpResponse<String> answer = served.get("/db/t?id=gt.5", "Accept", accept);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(type(answer)).isEqualTo(expected);
    assertThat(answer.body()).contains("Seq Scan");
  }

  @Test
  void optionsAreThoseOfExplain() {
    String accept = PLAN + "+json; for=\"application/json\"; options=wal|analyze|buffers|nonsense;";
    HttpResponse<String> answer = served.get("/db/t?id=eq.7", "Accept", accept);
    assertThat(type(answer))
        .isEqualTo(
            PLAN + "+json; for=\"application/json\"; options=analyze|buffers|wal; charset=utf-8");
    JsonNode plan = JsonMapper.shared().readTree(answer.body()).get(0);
    assertThat(plan.get("Plan").get("Actual Rows").asDouble()).as("it was run").isEqualTo(1);
    assertThat(plan.has("Execution Time")).isTrue();
    String text = served.get("/db/t", "Accept", PLAN + "; options=verbose").body();
    assertThat(text).startsWith("Seq Scan on public.t r  (cost=").contains("\n  Output: id");
  }

  /** Conditions, order, page and limits are those of the request. */
  @Test
  void thePlanIsThatOfTheSameStatement() {
    String plan = served.get("/db/t?id=gt.5&order=id.desc&limit=2", "Accept", PLAN).body();
    assertThat(plan).contains("Limit", "Sort Key: id DESC", "Filter: (id > ");
    String object = "; for=\"application/vnd.pgrst.object+json\"";
    assertThat(served.get("/db/t", "Accept", PLAN + object).body()).startsWith("Limit");
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAN + ";q=0.5, text/csv", "text/csv, " + PLAN, PLAN + ";q=0, text/csv"})
  void anotherTypeMayComeFirst(String accept) {
    assertThat(type(served.get("/db/t?id=eq.1", "Accept", accept)))
        .isEqualTo("text/csv; charset=utf-8");
  }

  @Test
  void mistakesAreErrorsOfTheRequest() {
    assertThat(served.get("/db/t?nope=eq.1", "Accept", PLAN).body()).contains("42703");
    assertThat(served.get("/db/t", "Accept", PLAN + "; for=\"image/png\"").statusCode())
        .isEqualTo(406);
    assertThat(served.get("/db/t", "Accept", PLAN + "; options=wal").statusCode())
        .as("needs analyze")
        .isEqualTo(400);
  }

  @Test
  void plansAreOffByDefault() {
    try (ServedDatabase closed = ServedDatabase.start(ServedDatabase.settings(database.url()))) {
      HttpResponse<String> answer = closed.get("/db/t", "Accept", PLAN + "+json");
      assertThat(answer.statusCode()).isEqualTo(406);
      assertThat(answer.body()).contains("PGRST107", "application/vnd.pgrst.plan+json");
      assertThat(type(closed.get("/db/t?id=eq.1", "Accept", PLAN + ", text/csv")))
          .isEqualTo("text/csv; charset=utf-8");
    }
  }
}
