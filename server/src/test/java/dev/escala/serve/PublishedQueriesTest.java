package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.catalog.RelationName;
import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.Section;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.HealthProbe.Status;
import dev.escala.observe.Observation;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries of files, called like functions. */
@Tag("integration")
class PublishedQueriesTest {
  @TempDir private static Path folder;
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() throws Exception {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE TABLE flights (id int PRIMARY KEY, carrier text, day date, delay int, mood mood);
        INSERT INTO flights VALUES (1, 'IB', '2026-05-01', 5, 'glad'), (2, 'LH', '2026-05-01', 20, 'sad'),
          (3, 'IB', '2026-05-01', -3, 'sad'), (4, 'IB', '2026-05-02', 9, 'glad');
        CREATE TABLE carriers (code text, name text);
        INSERT INTO carriers VALUES ('IB', 'Iberia'), ('LH', 'Lufthansa');
        CREATE TABLE gone (id int, leaving int);
        CREATE TABLE hidden (id int);
        CREATE FUNCTION both_there() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1';
        CREATE ROLE query_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON flights, gone, carriers TO query_reader\
        """);
    write(
        "delays",
        """
        -- Delays by carrier
        -- On one day.
        -- :day date            The day of departure
        -- :least integer = 1   Fewest flights that count
        SELECT carrier, count(*) AS flights, avg(delay)::numeric(9, 1) AS delay
        FROM flights WHERE day = :day
        GROUP BY carrier HAVING count(*) >= :least -- the end
        """);
    write(
        "kinds",
        """
        -- :moods mood[] = {sad,glad}
        -- :doc jsonb = null
        -- :most bigint = 10
        -- :word text = it's :most
        SELECT f.id, f.mood, CAST(:doc AS jsonb) AS doc, :word || '' AS word
        FROM flights f WHERE f.mood = ANY (:moods) ORDER BY f.id LIMIT :most
        """);
    write(
        "by_length",
        """
        -- :unit text
        SELECT date_trunc(:unit, day) AS since, count(*) FROM flights GROUP BY date_trunc(:unit, day)
        """);
    write("leaves", "SELECT id, leaving FROM gone");
    write("no_rights", "SELECT id FROM hidden");
    write("both_there", "SELECT 2 AS two");
    write(
        "writes",
        "SELECT set_config('application_name', 'left', false) AS a, nextval('none') AS b");
    write("broken", "-- A comment\n\nSELECT id,\n       dalay FROM flights");
    write("no_type", "-- :day dat\nSELECT :day AS day");
    write("no_value", "-- Some\n-- :n int = ten\nSELECT :n AS n");
    write("marked", "\uFEFFSELECT 1 AS n");
    write("twice", "SELECT count(*), count(delay) FROM flights");
    served = ServedDatabase.start(settings("query_reader", "public"));
  }

  private static void write(String name, String sql) throws IOException {
    Files.writeString(folder.resolve(name + ".sql"), sql);
  }

  private static DatabaseSettings settings(String login, String schema)
      throws ConfigurationException {
    String yaml =
        """
        url: "%s"
        read-url: "%s"
        schemas: [%s]
        queries: %s
        pools: {percent-per-client: 100}
        relations: {kinds: {max-rows: 3}, delays: {refers-to: {carrier: carriers.code}}}
        """
            .formatted(
                database.url(),
                ServedDatabase.login(database.url(), login),
                schema,
                folder.getFileName());
    return ConfigurationFile.read(
        folder.resolveSibling("escala.yaml").toString(),
        yaml,
        variable -> null,
        (Section section) -> DatabaseSettings.read("db", section));
  }

  @AfterAll
  static void stop() {
    served.close();
    database.execute("DROP OWNED BY query_reader; DROP ROLE query_reader");
  }

  private static String flat(HttpResponse<String> answer) {
    return answer.body().replaceAll(",\\s+", ",");
  }

  private static HttpResponse<String> post(String pathAndQuery, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + served.port() + "/db/rpc/" + pathAndQuery))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    try {
      return served.client().send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          delays?day=2026-05-01&order=carrier                   | [{"carrier":"IB","flights":2,"delay":1.0},{"carrier":"LH","flights":1,"delay":20.0}]
          delays?day=2026-05-01&least=2                         | [{"carrier":"IB","flights":2,"delay":1.0}]
          delays?day=2026-05-01&carrier=eq.LH&select=n:flights  | [{"n":1}]
          delays?day=2026-05-01&delay=gt.2&select=carrier       | [{"carrier":"LH"}]
          delays?day=2026-05-01&order=delay.desc&limit=1&select=carrier | [{"carrier":"LH"}]
          delays?day=2026-05-01&select=flights.sum()            | [{"sum":3}]
          delays?day=1999-01-01                                 | []
          delays?day=2026-05-01&select=flights,carriers(name)&order=carrier | [{"flights":2,"carriers":{"name":"Iberia"}},{"flights":1,"carriers":{"name":"Lufthansa"}}]
          kinds?moods=%7Bglad%7D&select=id,mood                 | [{"id":1,"mood":"glad"},{"id":4,"mood":"glad"}]
          kinds?most=1&doc=[1]&word=%27                         | [{"id":1,"mood":"glad","doc":[1],"word":"'"}]
          kinds?most=1&mood=eq.glad                             | [{"id":1,"mood":"glad","doc":null,"word":"it's :most"}]
          kinds?select=id                                       | [{"id":1},{"id":2},{"id":3}]
          by_length?unit=month&select=count                     | [{"count":4}]
          both_there                                            | [{"two":2}]
          marked                                                | [{"n":1}]
          """)
  void rowsAreReadLikeARelation(String request, String expected) {
    HttpResponse<String> answer = served.get("/db/rpc/" + request);
    assertThat(flat(answer)).isEqualTo(expected);
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          delays?select=carrier       | {"day":"2026-05-01","least":2}       | [{"carrier":"IB"}]
          kinds?select=id,word        | {"moods":["sad"],"word":"a\\"b'"}    | [{"id":2,"word":"a\\"b'"},{"id":3,"word":"a\\"b'"}]
          kinds?select=id,doc         | {"most":1,"doc":{"a":"x"}}           | [{"id":1,"doc":{"a": "x"}}]
          kinds?select=id             | {"most":null}                        | [{"id":1},{"id":2},{"id":3}]
          both_there                  | {}                                   | [{"two":2}]
          """)
  void membersOfABodyAreArguments(String request, String body, String expected) {
    assertThat(flat(post(request, body))).isEqualTo(expected);
  }

  @Test
  void allFormsAndHeaders() {
    String rows = "/db/rpc/delays?day=2026-05-01&order=carrier";
    assertThat(served.get(rows, "Accept", "text/csv").body())
        .isEqualTo("carrier,flights,delay\r\nIB,2,1.0\r\nLH,1,20.0\r\n");
    assertThat(served.get(rows + "&format=csv").body()).startsWith("carrier,flights,delay\r\n");
    assertThat(served.get(rows, "Accept", "application/x-ndjson").body().lines()).hasSize(2);
    assertThat(served.get(rows, "Accept", "application/vnd.pgrst.object+json").statusCode())
        .isEqualTo(406);
    HttpResponse<String> counted = served.get(rows + "&limit=1", "Prefer", "count=exact");
    assertThat(counted.headers().firstValue("Content-Range")).hasValue("0-0/2");
    assertThat(served.send("HEAD", rows).statusCode()).isEqualTo(200);
    assertThat(served.send("OPTIONS", "/db/rpc/delays").headers().firstValue("Allow"))
        .hasValue("OPTIONS,GET,HEAD,POST");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          delays                    | 404 | PGRST202 | The query takes day date, least integer = 1. day is missing.
          delays?dayy=2026-05-01    | 404 | PGRST202 | day is missing. There is no parameter dayy; is day meant?
          delays?day=yesterdya      | 400 | 22007    | invalid input syntax for type date
          delays?day=%27;--         | 400 | 22007    | invalid input syntax for type date: \\"';--\\"
          delays?day=2026-05-01&n=eq.1 | 400 | 42703 | n
          both_there?a=1            | 404 | PGRST202 | The query takes no parameters. There is no parameter a.
          no_rights                 | 403 | 42501    | permission denied for table hidden
          nothing                   | 404 | PGRST202 | public.nothing
          """)
  void wrongCallsAreToldWhatIsWrong(String request, int status, String code, String message) {
    HttpResponse<String> answer = served.get("/db/rpc/" + request);
    assertThat(answer.body()).contains(code, message);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void whatDoesNotFitTheDatabaseIsToldToWhoWroteIt() throws Exception {
    eventually(
        "what lasts is told",
        () -> !served.observer.all(Observation.QueryMisfitted.class).isEmpty());
    List<String> told =
        served.observer.all(Observation.QueryMisfitted.class).stream()
            .map(Observation.QueryMisfitted::detail)
            .map(detail -> detail.replace(folder + "/", ""))
            .toList();
    assertThat(told)
        .contains(
            "broken.sql:4:8: column \"dalay\" does not exist (42703). Perhaps you meant to"
                + " reference the column \"flights.delay\".",
            "no_type.sql:1:1: type \"dat\" does not exist (42704)",
            "no_value.sql:2:1: invalid input syntax for type integer: \"ten\" (22P02)",
            "twice.sql: two columns are called \"count\"; give one another name with AS",
            "writes.sql:1:68: relation \"none\" does not exist (42P01)",
            "public.both_there hides the function of that name; call one of them otherwise");
    HttpResponse<String> broken = served.get("/db/rpc/broken");
    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(broken.body()).contains("ESC146", "'broken'").doesNotContain("dalay");
    HealthProbe.Report health = health(served);
    assertThat(health.status()).isEqualTo(Status.WARN);
    assertThat(health.details().get("misfitting_queries"))
        .asString()
        .contains("broken", "twice", "both_there")
        .doesNotContain("delays");
  }

  @Test
  void aChangeOfTheDatabaseIsSeen() {
    assertThat(served.get("/db/rpc/leaves").statusCode()).isEqualTo(200);
    database.execute("ALTER TABLE gone DROP COLUMN leaving");
    eventually("the query is broken", () -> served.get("/db/rpc/leaves").body().contains("ESC146"));
    database.execute("ALTER TABLE gone ADD COLUMN leaving text");
    eventually("the query is whole", () -> served.get("/db/rpc/leaves").statusCode() == 200);
  }

  /** The rest is served. */
  @Test
  void whereTheyCannotBeCheckedTheyAreBroken() throws Exception {
    database.execute(
        """
        CREATE ROLE query_far; CREATE ROLE query_bound LOGIN PASSWORD 'secret' NOINHERIT;
        GRANT query_far TO query_bound WITH SET FALSE;
        CREATE SCHEMA far; GRANT USAGE ON SCHEMA far TO query_far\
        """);
    try (ServedDatabase far = ServedDatabase.start(settings("query_bound", "far"))) {
      assertThat(far.get("/db/rpc/both_there").body()).contains("ESC146");
      eventually(
          "what lasts is told",
          () ->
              far.observer.all(Observation.QueryMisfitted.class).stream()
                  .anyMatch(told -> told.detail().contains("permission denied to set role")));
    } finally {
      database.execute(
          "DROP OWNED BY query_far; DROP ROLE query_far; DROP OWNED BY query_bound;"
              + " DROP ROLE query_bound");
    }
  }

  /** The first message of a topic makes its table: until then nobody has done anything wrong. */
  @Test
  void aQueryOfATableToComeIsEarlyAndNotWrong(@TempDir Path other) throws Exception {
    Files.writeString(other.resolve("early.sql"), "SELECT id FROM arrivals");
    DatabaseSettings settings =
        read(
                other,
                database.url().toString(),
                ServedDatabase.login(database.url(), "query_reader").toString())
            .expecting(Set.of(new RelationName("public", "arrivals")));
    try (ServedDatabase early = ServedDatabase.start(settings)) {
      assertThat(early.get("/db/rpc/early").body()).contains("ESC146");
      assertThat(health(early).details()).doesNotContainKey("misfitting_queries");
      database.execute("CREATE TABLE arrivals (number int); GRANT SELECT ON arrivals TO PUBLIC");
      eventually(
          "it is there, and has no such column",
          () -> !early.observer.all(Observation.QueryMisfitted.class).isEmpty());
      assertThat(early.observer.all(Observation.QueryMisfitted.class))
          .singleElement()
          .satisfies(told -> assertThat(told.detail()).contains("column \"id\" does not exist"));
      assertThat(health(early).details()).containsEntry("misfitting_queries", "early");
    } finally {
      database.execute("DROP TABLE IF EXISTS arrivals");
    }
  }

  private static HealthProbe.Report health(ServedDatabase of) throws Exception {
    return of.api.probes().getFirst().check().toCompletableFuture().get();
  }

  @Test
  void openApiDescribesThem() {
    String api = served.get("/db", "Accept", "application/openapi+json").body();
    assertThat(api)
        .contains(
            "\"/rpc/delays\"",
            "\"summary\":\"Delays by carrier\",\"description\":\"On one day.\"",
            "\"name\":\"day\",\"in\":\"query\",\"required\":true,\"description\":\"The day of"
                + " departure\"",
            "{\"type\":\"integer\",\"format\":\"int32\",\"default\":1}",
            "{\"type\":\"string\",\"format\":\"text\",\"default\":\"{sad,glad}\"}",
            "\"moods\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"public.mood\"}}",
            "\"carrier\":{\"type\":[\"string\",\"null\"],\"format\":\"text\"}")
        .doesNotContain("/rpc/broken");
  }

  @Test
  void allErrorsOfFilesAreErrorsOfTheConfiguration(@TempDir Path other) throws IOException {
    Files.writeString(other.resolve("two.sql"), "SELECT 1; SELECT 2");
    Files.writeString(other.resolve("un typed.sql"), "SELECT 1");
    Files.writeString(other.resolve("untyped.sql"), "SELECT :day");
    Files.writeString(other.resolve("README.md"), "# no query");
    assertThatThrownBy(() -> read(other))
        .hasMessageContaining("queries: two.sql: There is more than one statement.")
        .hasMessageContaining("queries: un typed.sql: its name must be letters")
        .hasMessageContaining("queries: untyped.sql: The parameter :day has no type.");
    assertThatThrownBy(() -> read(other.resolve("none")))
        .hasMessageContaining("queries: names no folder that can be read");
    assertThatThrownBy(() -> read(Files.createDirectory(other.resolve("empty"))))
        .hasMessageContaining("queries: names a folder without a file NAME.sql");
  }

  private static DatabaseSettings read(Path queries) throws ConfigurationException {
    return read(queries, "postgresql://a@b/c", "postgresql://a@b/c");
  }

  private static DatabaseSettings read(Path queries, String url, String reads)
      throws ConfigurationException {
    return ConfigurationFile.read(
        "escala.yaml",
        "{url: '%s', read-url: '%s', queries: '%s'}".formatted(url, reads, queries),
        variable -> null,
        (Section section) -> DatabaseSettings.read("db", section));
  }
}
