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

/** {@code max-rows}: no answer has more. */
@Tag("integration")
class MaxRowsTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE many AS SELECT i AS id FROM generate_series(1, 100) i;
        CREATE TABLE large AS SELECT i AS id FROM generate_series(1, 3000) i;
        CREATE TABLE free AS SELECT i AS id FROM generate_series(1, 50) i;
        CREATE TABLE stale WITH (autovacuum_enabled = off) AS SELECT i AS id FROM generate_series(1, 100) i;
        CREATE TABLE parents AS SELECT 1 AS id;
        ALTER TABLE parents ADD PRIMARY KEY (id);
        ALTER TABLE many ADD parent int DEFAULT 1 REFERENCES parents;
        ALTER TABLE free ADD parent int DEFAULT 1 REFERENCES parents;
        ANALYZE many, large, free, stale;
        DELETE FROM stale WHERE id > 60\
        """);
    served =
        ServedDatabase.start(
            ServedDatabase.settings(database.url())
                .with(
                    new DialectSettings(
                        List.of("public"),
                        10,
                        Map.of("public.large", 1500L, "free", DialectSettings.ALL),
                        List.of(),
                        false)));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "many|none|200|10|0-9/*",
        "many?limit=99|none|200|10|0-9/*",
        "many?limit=3|none|200|3|0-2/*",
        "many?offset=95|none|200|5|95-99/*",
        "many|count=exact|206|10|0-9/100",
        "many?limit=99&offset=5|count=exact|206|10|5-14/100",
        "many?id=lte.10|count=exact|200|10|0-9/10",
        "many|count=planned|206|10|0-9/100",
        "large?order=id|none|200|1500|*/*",
        "large?order=id|count=exact|206|1500|0-1499/3000",
        "free|none|200|50|0-49/*",
      })
  void whatIsMoreIsLeftOut(String query, String prefer, int status, long rows, String range) {
    HttpResponse<String> answer = served.get("/db/" + query, "Prefer", prefer);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body().lines()).hasSize(Math.toIntExact(rows));
    assertThat(answer.headers().firstValue("Content-Range")).contains(range);
  }

  @ParameterizedTest
  @CsvSource({"many(id),10", "many(id)&many.limit=3,3", "many(id)&many.limit=99,10", "free(id),50"})
  void whatIsEmbeddedIsLimitedLikeItself(String select, int rows) {
    assertThat(served.get("/db/parents?select=" + select).body().split("\"id\"", -1))
        .hasSize(rows + 1);
  }

  @Test
  void theRangeHeaderIsCappedToo() {
    assertThat(served.get("/db/many", "Range", "20-80").headers().firstValue("Content-Range"))
        .contains("20-29/*");
  }

  /** The planner believes that one row fits; the limit says that so few are counted. */
  @Test
  void whatFitsIntoAnAnswerIsCountedWhereAnEstimateIsWanted() {
    database.execute(
        "CREATE TABLE skewed AS SELECT i % 2 AS a, i % 2 AS b FROM generate_series(1, 40) i;"
            + " ANALYZE skewed");
    dev.escala.testing.Eventually.eventually(
        "it is known", () -> served.get("/db/skewed").statusCode() == 200);
    assertThat(range("skewed?a=eq.1&b=eq.1")).as("planned: 10").endsWith("/20");
    assertThat(range("stale")).as("planned, and more than the limit").endsWith("/100");
  }

  private static String range(String query) {
    return served
        .get("/db/" + query, "Prefer", "count=estimated")
        .headers()
        .firstValue("Content-Range")
        .orElseThrow();
  }

  @Test
  void anObjectIsReadAsBefore() {
    String object = "application/vnd.pgrst.object+json";
    assertThat(served.get("/db/many?id=eq.7", "Accept", object).body())
        .isEqualTo("{\"id\":7,\"parent\":1}");
    assertThat(served.get("/db/many", "Accept", object).body()).contains("contains 10 rows");
  }
}
