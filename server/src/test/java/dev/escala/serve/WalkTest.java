package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code after=}: pages that follow each other by the {@code Link} of each. */
@Tag("integration")
class WalkTest {
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");

  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE steps (
          id int PRIMARY KEY,
          carrier text NOT NULL,
          delay int,
          at timestamptz NOT NULL,
          rate float8,
          note text,
          doc jsonb
        );
        INSERT INTO steps
        SELECT i, (ARRAY['AV', 'LA', 'ä''"\\'])[1 + i % 3], nullif(i % 7, 3),
          '2026-01-01T00:00:00.000001Z'::timestamptz + (i % 11) * interval '1.000003 s',
          CASE WHEN i % 5 = 0 THEN 'NaN'::float8 WHEN i % 5 < 4 THEN i / 3.0 END,
          CASE WHEN i % 4 > 0 THEN repeat(' a', i % 4) END,
          jsonb_build_object('k', i % 6, 't', chr(97 + i % 9))
        FROM generate_series(1, 100) i;
        CREATE TABLE pairs (a int NOT NULL, b text NOT NULL, UNIQUE (b, a));
        INSERT INTO pairs SELECT i % 5, (i / 5)::text FROM generate_series(1, 40) i;
        CREATE TABLE loose (a int UNIQUE);
        INSERT INTO loose VALUES (1), (NULL);
        CREATE TABLE legs (id int PRIMARY KEY, step int REFERENCES steps);
        INSERT INTO legs SELECT i, 1 + i % 100 FROM generate_series(1, 300) i;
        CREATE TABLE many (id int PRIMARY KEY, text text NOT NULL);
        INSERT INTO many SELECT i, md5(i::text) FROM generate_series(1, 5000) i;
        CREATE TABLE lengthy (text text PRIMARY KEY);
        ALTER TABLE lengthy ALTER text SET STORAGE EXTENDED;
        INSERT INTO lengthy VALUES (repeat('x', 5000)), (repeat('y', 5000));
        CREATE VIEW seen AS SELECT * FROM steps\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static void found(String relation) {
    eventually(relation, () -> served.get("/db/" + relation + "?limit=0").statusCode() == 200);
  }

  private static Optional<String> next(HttpResponse<String> page) {
    return page.headers()
        .firstValue("Link")
        .map(
            link -> {
              Matcher matcher = NEXT.matcher(link);
              assertThat(matcher.matches()).as(link).isTrue();
              return matcher.group(1);
            });
  }

  /** All rows in CSV, page by page as the links lead. */
  private static List<String> walk(String relation, String query) {
    List<String> rows = new ArrayList<>();
    URI base = URI.create("/db/" + relation);
    Optional<String> next = Optional.of("?" + query);
    for (int pages = 0; next.isPresent(); pages++) {
      assertThat(pages).as("pages of " + query).isLessThan(1_000);
      HttpResponse<String> page =
          served.get(base.resolve(relation + next.get()).toString(), "Accept", "text/csv");
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
      rows.addAll(Arrays.stream(page.body().split("\r\n", -1)).skip(1).toList());
      rows.removeLast();
      next = next(page);
    }
    return rows;
  }

  private static List<String> sorted(String relation, String order) {
    return database.rows("SELECT id FROM %s ORDER BY %s".formatted(relation, order));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                           | id",
        "&order=id.desc             | id DESC",
        "&order=carrier             | carrier, id",
        "&order=carrier.desc        | carrier DESC, id DESC",
        "&order=carrier.desc,id     | carrier DESC, id",
        "&order=at                  | at, id",
        "&order=delay               | delay, id",
        "&order=delay.desc          | delay DESC, id DESC",
        "&order=delay.nullsfirst    | delay NULLS FIRST, id",
        "&order=delay.desc.nullslast,at.desc | delay DESC NULLS LAST, at DESC, id DESC",
        "&order=at,delay            | at, delay, id",
        "&order=at.desc,note,delay.desc.nullslast | at DESC, note, delay DESC NULLS LAST, id DESC",
        "&order=rate                | rate, id",
        "&order=note.desc,rate      | note DESC, rate, id",
        "&order=doc->k              | doc->'k', id",
        "&order=doc->>t.desc        | doc->>'t' DESC, id DESC",
        "&order=delay,delay.desc,carrier | delay, carrier, id",
      })
  void eachRowComesOnceInOrder(String asked, String order) {
    List<String> expected = sorted("steps", order);
    for (int limit : List.of(3, 40, 100, 1_000)) {
      String query = "select=id&after=&limit=" + limit + (asked == null ? "" : asked.strip());
      assertThat(walk("steps", query.replace(">", "%3E")))
          .as("pages of " + limit)
          .isEqualTo(expected);
    }
  }

  @Test
  void conditionsHoldOnEachPage() {
    assertThat(walk("steps", "select=id&after=&limit=4&carrier=eq.AV&delay=gt.2&order=delay"))
        .isEqualTo(
            database.rows(
                "SELECT id FROM steps WHERE carrier = 'AV' AND delay > 2" + " ORDER BY delay, id"));
  }

  @Test
  void aUniqueKeyWithoutPrimaryKeyIsOneToo() {
    assertThat(walk("pairs", "select=b,a&after=&limit=3"))
        .isEqualTo(database.rows("SELECT b || ',' || a FROM pairs ORDER BY a, b"));
  }

  @Test
  void rowsThatComeAndGoMoveNoOther() {
    database.execute("CREATE TABLE moving AS SELECT i * 10 AS id FROM generate_series(1, 50) i");
    database.execute("ALTER TABLE moving ADD PRIMARY KEY (id)");
    found("moving");
    HttpResponse<String> first = served.get("/db/moving?after=&limit=20", "Accept", "text/csv");
    database.execute(
        "DELETE FROM moving WHERE id IN (10, 20, 200); INSERT INTO moving VALUES (1), (2), (205)");
    HttpResponse<String> second =
        served.get("/db/moving" + next(first).orElseThrow(), "Accept", "text/csv");
    assertThat(second.body()).startsWith("id\r\n205\r\n210\r\n");
  }

  @Test
  void aPageThatIsStreamedTellsTheNextOne() {
    HttpResponse<String> page = served.get("/db/many?after=&limit=2500", "Accept", "text/csv");
    assertThat(page.body().lines()).hasSize(2_501);
    HttpResponse<String> second =
        served.get("/db/many" + next(page).orElseThrow(), "Accept", "text/csv");
    assertThat(second.body().lines()).hasSize(2_501).element(1).asString().startsWith("2501,");
    HttpResponse<String> third =
        served.get("/db/many" + next(second).orElseThrow(), "Accept", "text/csv");
    assertThat(third.body()).isEqualTo("id,text\r\n");
    assertThat(next(third)).isEmpty();
  }

  @Test
  void whatIsEmbeddedGoesAlong() {
    HttpResponse<String> page =
        served.get("/db/steps?select=id,legs(id)&legs.order=id&after=&limit=2&order=id.desc");
    assertThat(page.body())
        .isEqualToIgnoringWhitespace(
            "[{\"id\":100,\"legs\":[{\"id\":99},{\"id\":199},{\"id\":299}]},"
                + "{\"id\":99,\"legs\":[{\"id\":98},{\"id\":198},{\"id\":298}]}]");
    assertThat(served.get("/db/steps" + next(page).orElseThrow()).body())
        .startsWith("[{\"id\":98,");
  }

  @Test
  void theLinkRepeatsTheRequest() {
    HttpResponse<String> page =
        served.get("/db/steps?select=id&note=eq.%20a%20a&format=csv&order=id&limit=1&after=");
    assertThat(page.headers().firstValue("Link").orElseThrow())
        .startsWith("<?select=id&note=eq.%20a%20a&format=csv&order=id&limit=1&after=")
        .endsWith(">; rel=\"next\"");
  }

  @Test
  void theTotalCountsAllAndTheRangeDoesNotLie() {
    HttpResponse<String> first =
        served.get("/db/steps?select=id&after=&limit=30", "Prefer", "count=exact");
    assertThat(first.statusCode()).isEqualTo(206);
    assertThat(first.headers().firstValue("Content-Range")).hasValue("0-29/100");
    HttpResponse<String> second =
        served.get("/db/steps" + next(first).orElseThrow(), "Prefer", "count=exact");
    assertThat(second.headers().firstValue("Content-Range")).hasValue("*/100");
    assertThat(served.get("/db/steps" + next(first).orElseThrow()).headers().map())
        .extractingByKey("content-range")
        .isEqualTo(List.of("*/*"));
  }

  @Test
  void aWholeAnswerHasNoNextPage() {
    assertThat(next(served.get("/db/steps?after="))).isEmpty();
    assertThat(next(served.get("/db/steps?after=&limit=0"))).isEmpty();
    assertThat(next(served.get("/db/steps?limit=3"))).as("nobody asked for one").isEmpty();
  }

  @Test
  void aColumnCalledAfterIsStillFiltered() {
    database.execute("CREATE TABLE hours (id int PRIMARY KEY, after int, \"having\" int)");
    database.execute("INSERT INTO hours VALUES (1, 10, 1), (2, 20, 2)");
    found("hours");
    assertThat(served.get("/db/hours?select=id&after=gt.10&having=eq.2").body())
        .isEqualTo("[{\"id\":2}]");
    assertThat(served.get("/db/hours?select=id&after=gt.1&after=&limit=1").body())
        .isEqualTo("[{\"id\":1}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "loose?after=                            | no unique key",
        "seen?after=                             | no unique key",
        "steps?after=&offset=1                   | offset",
        "steps?after=&select=carrier,id.count()  | grouped",
        "steps?after=&select=carrier&distinct=true | grouped",
        "legs?after=&select=id,steps(id)&order=steps(id) | embedded",
        "lengthy?after=&limit=1                  | too long",
      })
  void whatCannotBeWalkedThroughSaysWhy(String path, String why) {
    HttpResponse<String> refused = served.get("/db/" + path);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"ESC128\"", why, "\"hint\"");
    assertThat(refused.headers().firstValue("Link")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "*",
        "AAAA",
        "PQ",
        "_w",
        "Vg",
        "Tg",
        "PTEA",
        "PTEAPXgA",
        "LQA",
        "PTFYAA==",
        "PXgAPXkA"
      })
  void aPositionOfSomethingElseIsRefused(String token) {
    HttpResponse<String> refused = served.get("/db/steps?order=carrier&after=" + token);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body()).containsAnyOf("\"ESC127\"", "\"22P02\"");
  }

  /** PostgreSQL begins a scan where another one is; rows of a page without order are anywhere. */
  @Test
  void aPageWithoutOrderHasTheOrderOfTheKey() {
    database.execute(
        "CREATE TABLE shuffled AS SELECT i AS id FROM generate_series(1, 500) i ORDER BY random()");
    database.execute("ALTER TABLE shuffled ADD PRIMARY KEY (id)");
    found("shuffled");
    List<String> rows = new ArrayList<>();
    for (int offset = 0; offset < 500; offset += 100) {
      String page =
          served
              .get("/db/shuffled?limit=100&offset=" + offset, "Accept", "application/x-ndjson")
              .body();
      rows.addAll(page.lines().toList());
    }
    assertThat(rows).hasSize(500).first().isEqualTo("{\"id\":1}");
    assertThat(new HashSet<>(rows)).hasSize(500);
    assertThat(rows.getLast()).isEqualTo("{\"id\":500}");
  }
}
