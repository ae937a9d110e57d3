package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Prefer}, one kind after the other. */
@Tag("integration")
class RelationPreferencesTest {
  private static final String BOGOTA = "timezone=America/Bogota";
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE seen (id int PRIMARY KEY, at timestamptz, all_at timestamptz[], day date);
        INSERT INTO seen VALUES
          (1, '2026-01-01 10:00:00.5Z', '{2026-01-01 10:00Z}', '2026-01-01'),
          (2, 'infinity', NULL, NULL), (3, NULL, NULL, NULL);
        CREATE TABLE often AS
          SELECT i AS id, timestamptz '2026-01-01 10:00Z' AS at FROM generate_series(1, 2000) i\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String applied(HttpResponse<String> answer) {
    return answer.headers().firstValue("Preference-Applied").orElse("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count=exact",
        "count=planned",
        "count=estimated",
        "return=representation",
        "return=minimal",
        "return=headers-only",
        "resolution=merge-duplicates",
        "resolution=ignore-duplicates",
        "missing=default",
        "missing=null",
        "tx=commit",
        "tx=rollback",
        "timezone=UTC",
        "max-affected=10",
        "handling=lenient"
      })
  void strictHandlingTakesWhatPostgrestKnows(String preference) {
    HttpResponse<String> answer =
        served.get("/db/seen?id=eq.1", "Prefer", "handling=strict, " + preference);
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 206);
  }

  @ParameterizedTest
  @ValueSource(strings = {"count=none", "return=all", "params=single-object", "anything"})
  void strictHandlingRefusesOthers(String preference) {
    HttpResponse<String> answer =
        served.get("/db/seen", "Prefer", "anything=x", "Prefer", "handling=strict," + preference);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("PGRST122", "\"Invalid preferences: anything=x, " + preference + "\"");
    assertThat(served.get("/db/seen", "Prefer", preference).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timezone=UTC, handling=strict, max-affected=5, tx=rollback, return=minimal, count=exact"
            + "|count=exact, handling=strict, timezone=UTC",
        "count=planned, count=exact|count=planned",
        "handling=lenient, handling=strict|handling=lenient",
        "timezone=Asia/Tokyo,timezone=UTC|timezone=Asia/Tokyo",
        "count=none, count=exact|count=exact",
        "tx=rollback, missing=null|none",
        "max-affected=2, handling=lenient|handling=lenient",
      })
  void whatWasAppliedIsToldInAFixedOrder(String prefer, String expected) {
    assertThat(applied(served.get("/db/seen", "Prefer", prefer))).isEqualTo(expected);
  }

  @Test
  void theFirstCountsAcrossHeaders() {
    assertThat(applied(served.get("/db/seen", "Prefer", "count=exact", "Prefer", "count=planned")))
        .isEqualTo("count=exact");
  }

  @Test
  void pointsInTimeAreShownInTheZone() {
    assertThat(served.get("/db/seen?order=id", "Prefer", BOGOTA).body())
        .isEqualTo(
            """
            [{"id":1,"at":"2026-01-01T05:00:00.5-05:00","all_at":["2026-01-01T05:00:00-05:00"],\
            "day":"2026-01-01"},
            {"id":2,"at":"infinity","all_at":null,"day":null},
            {"id":3,"at":null,"all_at":null,"day":null}]\
            """);
    assertThat(served.get("/db/seen?id=eq.1&select=at", "Prefer", "timezone=-3").body())
        .isEqualTo("[{\"at\":\"2026-01-01T07:00:00.5-03:00\"}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/csv|2026-01-01 05:00:00.5-05",
        "application/x-ndjson|\"2026-01-01T05:00:00.5-05:00\"",
        "application/vnd.pgrst.object+json;nulls=stripped|\"2026-01-01T05:00:00.5-05:00\"",
      })
  void eachFormShowsTheZone(String accept, String expected) {
    assertThat(served.get("/db/seen?id=eq.1&select=at", "Prefer", BOGOTA, "Accept", accept).body())
        .contains(expected);
  }

  @Test
  void aStreamShowsTheZone() {
    HttpResponse<String> answer = served.get("/db/often", "Prefer", BOGOTA);
    assertThat(applied(answer)).isEqualTo(BOGOTA);
    assertThat(answer.body().lines())
        .hasSize(2000)
        .allMatch(line -> line.contains("T05:00:00-05:00"));
  }

  @Test
  void valuesAreReadInTheZoneToo() {
    String query = "/db/seen?select=id&at=eq.2026-01-01T05:00:00.5";
    assertThat(served.get(query).body()).isEqualTo("[]");
    assertThat(served.get(query, "Prefer", BOGOTA).body()).isEqualTo("[{\"id\":1}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"timezone=Mars/Phobos", "timezone=", "timezone=';--"})
  void aZoneThatPostgresDoesNotKnowIsAnErrorInAnyHandling(String zone) {
    for (String handling : List.of("", ",handling=lenient", ",handling=strict")) {
      HttpResponse<String> answer = served.get("/db/seen?id=eq.1", "Prefer", zone + handling);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("22023", "TimeZone");
    }
  }

  @Test
  void theZoneOfOneRequestIsNotThatOfTheNext() {
    for (int i = 0; i < 20; i++) {
      assertThat(served.get("/db/often?id=eq.1", "Prefer", BOGOTA).body()).contains("-05:00");
      assertThat(served.get("/db/often?id=eq.1", "Prefer", "count=exact").body())
          .contains("10:00:00+00:00");
      assertThat(served.get("/db/often?id=eq.1&limit=1").body()).contains("10:00:00+00:00");
    }
  }
}
