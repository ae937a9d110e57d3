package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Relations inside of rows: found by foreign keys, seen through views, filtered and ordered. */
@Tag("integration")
class EmbeddingTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE carriers (code text PRIMARY KEY, name text, parent text REFERENCES carriers);
        CREATE TABLE airports (code text PRIMARY KEY, city text);
        CREATE TABLE flights (
            id int PRIMARY KEY, carrier text REFERENCES carriers, delay int,
            origin text CONSTRAINT flight_origin REFERENCES airports,
            destination text CONSTRAINT flight_destination REFERENCES airports);
        CREATE TABLE reports (flight_id int PRIMARY KEY REFERENCES flights, text text);
        CREATE TABLE crew (id int PRIMARY KEY, name text);
        CREATE TABLE duties (
            flight_id int REFERENCES flights, crew_id int REFERENCES crew, role text,
            PRIMARY KEY (flight_id, crew_id));
        CREATE TABLE alone (id int);
        CREATE TABLE points (n int PRIMARY KEY, carrier text REFERENCES carriers);
        INSERT INTO carriers VALUES ('IB', 'Iberia', NULL), ('I2', 'Iberia Express', 'IB'), ('LH', 'Lufthansa', NULL);
        INSERT INTO airports VALUES ('MAD', 'Madrid'), ('MUC', 'München'), ('BCN', 'Barcelona');
        INSERT INTO flights VALUES
          (1, 'IB', 5, 'MAD', 'BCN'), (2, 'LH', 20, 'MUC', 'MAD'), (3, 'I2', -3, 'MAD', 'MUC'), (4, NULL, 7, NULL, NULL);
        INSERT INTO reports VALUES (1, 'late');
        INSERT INTO crew VALUES (1, 'Ana'), (2, 'Bo');
        INSERT INTO duties VALUES (1, 1, 'pilot'), (1, 2, 'steward'), (2, 1, 'pilot');
        INSERT INTO points SELECT n, 'LH' FROM generate_series(1, 10001) n;
        CREATE VIEW late AS SELECT f.id, f.carrier AS airline, f.delay > 0 AS is_late FROM flights f WHERE delay > 0;
        CREATE VIEW names AS SELECT name AS label, code FROM carriers;
        CREATE VIEW short_names AS SELECT code, label FROM names;
        CREATE VIEW both_ways AS SELECT id, origin AS code FROM flights UNION SELECT id, destination FROM flights;
        CREATE FUNCTION label(flights) RETURNS text STABLE LANGUAGE sql AS 'SELECT $1.id || $1.carrier';
        CREATE FUNCTION sisters(carriers) RETURNS SETOF carriers STABLE LANGUAGE sql
          AS 'SELECT * FROM carriers c WHERE c.code <> $1.code';
        CREATE FUNCTION owner(carriers) RETURNS SETOF carriers ROWS 1 STABLE LANGUAGE sql
          AS 'SELECT * FROM carriers c WHERE c.code = $1.parent'\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String read(String pathAndQuery) {
    HttpResponse<String> answer = served.get("/db/" + pathAndQuery);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().replaceAll(",\\s+", ",");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          flights?id=eq.1&select=id,carriers(name)                    | [{"id":1,"carriers":{"name":"Iberia"}}]
          flights?id=eq.4&select=id,carriers(name)                    | [{"id":4,"carriers":null}]
          carriers?code=eq.IB&select=code,flights(id)                 | [{"code":"IB","flights":[{"id":1}]}]
          carriers?code=eq.IB&select=code,f:flights(id,delay)         | [{"code":"IB","f":[{"id":1,"delay":5}]}]
          airports?code=eq.BCN&select=flights!flight_origin(id)       | [{"flights":[]}]
          flights?id=eq.1&select=id,reports(text)                     | [{"id":1,"reports":{"text":"late"}}]
          reports?select=text,flights(delay)                          | [{"text":"late","flights":{"delay":5}}]
          flights?id=eq.1&select=crew(name)&crew.order=name.desc      | [{"crew":[{"name":"Bo"},{"name":"Ana"}]}]
          crew?id=eq.2&select=name,flights(id,carriers(code))         | [{"name":"Bo","flights":[{"id":1,"carriers":{"code":"IB"}}]}]
          flights?id=eq.1&select=from:airports!flight_origin(city),to:airports!flight_destination(city) | [{"from":{"city":"Madrid"},"to":{"city":"Barcelona"}}]
          flights?id=eq.1&select=from:origin(city)                    | [{"from":{"city":"Madrid"}}]
          flights?id=eq.1&select=flight_destination(code)             | [{"flight_destination":{"code":"BCN"}}]
          carriers?code=eq.IB&select=carriers(code)                   | [{"carriers":[{"code":"I2"}]}]
          carriers?code=eq.I2&select=code,up:parent(name)             | [{"code":"I2","up":{"name":"Iberia"}}]
          carriers?code=eq.IB&select=down:carriers!parent(code)       | [{"down":[{"code":"I2"}]}]
          """)
  void embeds(String request, String expected) {
    assertThat(read(request)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          late?id=eq.1&select=id,carriers(name)            | [{"id":1,"carriers":{"name":"Iberia"}}]
          carriers?code=eq.LH&select=late(id)              | [{"late":[{"id":2}]}]
          late?id=eq.2&select=names(label)                 | [{"names":{"label":"Lufthansa"}}]
          flights?id=eq.3&select=short_names(label)        | [{"short_names":{"label":"Iberia Express"}}]
          """)
  void viewsHaveTheRelationshipsOfTheirTables(String request, String expected) {
    assertThat(read(request)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          flights?select=id,carriers!inner(code)&carriers.code=eq.LH         | [{"id":2,"carriers":{"code":"LH"}}]
          flights?select=id,carriers(code)&carriers.code=eq.LH&id=lt.3&order=id | [{"id":1,"carriers":null},{"id":2,"carriers":{"code":"LH"}}]
          carriers?select=code,flights!inner(id)&flights.delay=gt.6          | [{"code":"LH","flights":[{"id":2}]}]
          carriers?select=code,flights()&flights=is.null                     | []
          airports?select=code,arrivals:flights!flight_destination()&arrivals=not.is.null&order=code | [{"code":"BCN"},{"code":"MAD"},{"code":"MUC"}]
          flights?select=id,carriers(),reports()&or=(carriers.is.null,reports.not.is.null)&order=id | [{"id":1},{"id":4}]
          crew?select=name,flights(id)&flights.limit=1&flights.order=id.desc&order=id | [{"name":"Ana","flights":[{"id":2}]},{"name":"Bo","flights":[{"id":1}]}]
          crew?select=name,flights(id)&flights.offset=1&flights.order=id&order=id | [{"name":"Ana","flights":[{"id":2}]},{"name":"Bo","flights":[]}]
          crew?id=eq.1&select=flights(id,carriers(code))&flights.carriers.code=eq.LH&flights.order=id | [{"flights":[{"id":1,"carriers":null},{"id":2,"carriers":{"code":"LH"}}]}]
          crew?id=eq.1&select=f:flights(id)&f.or=(id.eq.2,delay.eq.0)        | [{"f":[{"id":2}]}]
          crew?id=eq.1&select=f:flights(id)&flights.id=eq.2                  | [{"f":[{"id":2}]}]
          flights?select=id,carriers(name)&order=carriers(name).desc.nullslast,id&limit=2 | [{"id":2,"carriers":{"name":"Lufthansa"}},{"id":3,"carriers":{"name":"Iberia Express"}}]
          flights?select=id,c:carriers()&order=c(parent).nullslast,id&limit=1 | [{"id":3}]
          """)
  void filtersAndOrdersWhatIsEmbedded(String request, String expected) {
    assertThat(read(request)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          flights?id=eq.1&select=id,...carriers(airline:name,code)           | [{"id":1,"airline":"Iberia","code":"IB"}]
          flights?id=eq.4&select=id,...carriers(name)                        | [{"id":4,"name":null}]
          duties?flight_id=eq.1&crew_id=eq.1&select=role,...flights(delay,...carriers(name)) | [{"role":"pilot","delay":5,"name":"Iberia"}]
          crew?id=eq.1&select=name,...flights(id,delay)&flights.order=id     | [{"name":"Ana","id":[1,2],"delay":[5,20]}]
          carriers?code=eq.I2&select=code,...sisters(names:name)&sisters.order=code | [{"code":"I2","names":["Iberia","Lufthansa"]}]
          flights?select=id,...carriers!inner(name)&carriers.name=like.Luft* | [{"id":2,"name":"Lufthansa"}]
          flights?id=eq.1&select=...carriers(code,carriers(code))            | [{"code":"IB","carriers":[{"code":"I2"}]}]
          """)
  void spreads(String request, String expected) {
    assertThat(read(request)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          flights?select=count()                                  | [{"count":4}]
          flights?select=n:count(),delay.sum(),delay.max()        | [{"n":4,"sum":29,"max":20}]
          flights?select=origin,delay.avg()::int&order=origin     | [{"origin":"MAD","avg":1},{"origin":"MUC","avg":20},{"origin":null,"avg":7}]
          flights?select=delay::text.max()                        | [{"max":"7"}]
          carriers?code=eq.IB&select=code,flights(delay.sum())    | [{"code":"IB","flights":[{"sum":5}]}]
          """)
  void aggregates(String request, String expected) {
    assertThat(read(request)).isEqualTo(expected);
  }

  @Test
  void rowsAreGroupedByWhatIsEmbedded() {
    assertThat(read("flights?select=carriers(parent),count()"))
        .contains(
            "{\"carriers\":null,\"count\":1}", "{\"carriers\":{\"parent\": null},\"count\":2}");
    assertThat(read("duties?select=...flights(carrier),...crew(people:count(),id.max())"))
        .contains("{\"carrier\":\"IB\",\"people\":2,\"max\":2}");
  }

  @Test
  void computedColumnsAndRelationships() {
    assertThat(read("flights?select=label&label=eq.1IB&order=label"))
        .isEqualTo("[{\"label\":\"1IB\"}]");
    assertThat(read("flights?id=eq.1")).doesNotContain("label");
    assertThat(read("carriers?code=eq.IB&select=sisters(code)&sisters.order=code"))
        .isEqualTo("[{\"sisters\":[{\"code\":\"I2\"},{\"code\":\"LH\"}]}]");
    assertThat(read("carriers?code=eq.I2&select=owner(name)"))
        .isEqualTo("[{\"owner\":{\"name\":\"Iberia\"}}]");
  }

  @Test
  void countsRowsAndNotWhatIsEmbedded() {
    HttpResponse<String> inner =
        served.get(
            "/db/crew?select=name,flights!inner(id)&flights.delay=gt.6", "Prefer", "count=exact");
    assertThat(inner.headers().firstValue("Content-Range")).hasValue("0-0/1");
    HttpResponse<String> all =
        served.get("/db/crew?select=name,flights(id)&flights.delay=gt.6", "Prefer", "count=exact");
    assertThat(all.headers().firstValue("Content-Range")).hasValue("0-1/2");
    HttpResponse<String> without =
        served.get("/db/flights?select=id,carriers()&carriers=is.null", "Prefer", "count=exact");
    assertThat(without.headers().firstValue("Content-Range")).hasValue("0-0/1");
  }

  @Test
  void otherFormsHoldTheSame() {
    assertThat(
            served.get("/db/flights?id=eq.1&select=id,carriers(code)", "Accept", "text/csv").body())
        .isEqualTo("id,carriers\r\n1,\"{\"\"code\"\":\"\"IB\"\"}\"\r\n");
    assertThat(
            served
                .get(
                    "/db/flights?id=eq.1&select=id,carriers(code,parent)",
                    "Accept",
                    "application/vnd.pgrst.object+json;nulls=stripped")
                .body())
        .isEqualTo("{\"id\":1,\"carriers\":{\"code\":\"IB\"}}");
  }

  @Test
  void oneRowHoldsSoManyRowsAndNoMore() {
    HttpResponse<String> all = served.get("/db/carriers?code=eq.LH&select=points(n)");
    assertThat(all.statusCode()).isEqualTo(400);
    assertThat(all.body()).contains("ESC126", "rel.limit=1000");
    assertThat(served.get("/db/carriers?code=eq.LH&select=...points(n)").body()).contains("ESC126");
    assertThat(read("carriers?code=eq.LH&select=points(n)&points.limit=2&points.order=n"))
        .isEqualTo("[{\"points\":[{\"n\":1},{\"n\":2}]}]");
    assertThat(read("carriers?code=eq.LH&select=points(n)&points.limit=10000")).contains("10000");
  }

  @Test
  void aRequestEmbedsSoManyRelationsAndNoMore() {
    String select = "a%d:carriers(code),";
    String fifty = IntStream.range(0, 50).mapToObj(select::formatted).collect(Collectors.joining());
    assertThat(served.get("/db/flights?id=eq.1&select=" + fifty + "id").statusCode())
        .isEqualTo(200);
    assertThat(served.get("/db/flights?id=eq.1&select=" + fifty + "carriers(*)").body())
        .contains("An answer embeds at most 50 relations");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          flights?select=id,alone(id)                   | 400 | PGRST200 | Could not find a relationship between 'flights' and 'alone' in the schema cache
          flights?select=id,carrierz(id)                | 400 | PGRST200 | Perhaps you meant 'carriers' instead of 'carrierz'.
          flights?select=id,carriers!nope(id)           | 400 | PGRST200 | using the hint 'nope'
          both_ways?select=id,airports(city)            | 400 | PGRST200 | 'both_ways' and 'airports'
          flights?select=id,airports(city)              | 300 | PGRST201 | 'airports!flight_destination', 'airports!flight_origin'
          flights?select=id,airports(city)              | 300 | PGRST201 | "relationship":"flight_origin using flights(origin) and airports(code)"
          flights?select=id&carriers.code=eq.IB         | 400 | PGRST108 | 'carriers' is not an embedded resource in this request
          flights?select=id&carriers.limit=1            | 400 | PGRST108 | 'carriers' is not an embedded resource in this request
          flights?select=id,carriers(*)&order=crew(id)  | 400 | PGRST108 | 'crew' is not an embedded resource in this request
          carriers?select=code,flights(*)&order=flights(id) | 400 | PGRST118 | A related order on 'flights' is not possible
          carriers?select=code,...flights(delay.sum())  | 400 | PGRST127 | Aggregates are not implemented for one-to-many or many-to-many spreads.
          flights?select=carriers(nope)                 | 400 | 42703    | column carriers.nope does not exist
          """)
  void refuses(String request, int status, String code, String text) {
    HttpResponse<String> answer = served.get("/db/" + request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"").contains(text);
  }
}
