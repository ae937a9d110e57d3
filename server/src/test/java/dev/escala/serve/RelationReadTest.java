package dev.escala.serve;

import static dev.escala.serve.ServedDatabase.encoded;
import static dev.escala.serve.ServedDatabase.header;
import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation;
import dev.escala.testing.PostgresServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("integration")
class RelationReadTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE DOMAIN short AS text CHECK (length(value) < 10);
        CREATE TABLE flights (
            id bigint PRIMARY KEY, carrier text, name varchar(20), delay int, seen timestamptz,
            tags text[], load int4range, extra jsonb, mood mood, code char(3), alias short,
            words tsvector, weight numeric(10,2));
        COMMENT ON TABLE flights IS 'what flies';
        INSERT INTO flights VALUES
          (1, 'IB', 'Madrid', 5, '2026-01-01 10:00Z', '{a,b}', '[1,5)', '{"gate":"A1","n":7,"l":[1,2]}', 'glad', 'abc', 'x',
           to_tsvector('english', 'the cat sat'), 1.50),
          (2, 'LH', 'München', NULL, '2026-01-02 10:00Z', '{b}', '[5,9)', '{"gate":"B2","n":8}', 'sad', 'ab', 'y',
           to_tsvector('english', 'a dog ran'), 2.25),
          (3, 'IB', 'a,b(c)"d', -3, NULL, '{}', 'empty', NULL, NULL, NULL, NULL, NULL, NULL);
        CREATE TABLE "weird näme 1" ("col umn" int, "x.y" text, "q""uote" int);
        INSERT INTO "weird näme 1" VALUES (1, 'dot', 2);
        CREATE VIEW late AS SELECT id, delay FROM flights WHERE delay > 0;
        CREATE TABLE empty (a int)\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String ids(String query) {
    HttpResponse<String> answer = served.get("/db/flights?select=id&order=id&" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().replaceAll("[^0-9,]", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id=eq.2|2",
        "id=neq.2|1,3",
        "delay=gt.0|1",
        "delay=gte.-3|1,3",
        "delay=lt.5|3",
        "delay=lte.5|1,3",
        "delay=not.gt.0|3",
        "name=like.M*|1,2",
        "name=ilike.m*D|1",
        "name=match.%5EM|1,2",
        "name=imatch.%5Em|1,2",
        "name=like(any).%7BMa*,*c*%7D|1,2,3",
        "name=like(all).%7BM*,*d%7D|1",
        "id=eq(any).%7B1,3%7D|1,3",
        "id=in.(1,2)|1,2",
        "id=in.()|''",
        "id=not.in.(1,2)|3",
        "name=in.(%22a,b(c)%5C%22d%22,Madrid)|1,3",
        "delay=is.null|2",
        "delay=not.is.null|1,3",
        "delay=is.not_null|1,3",
        "delay=isdistinct.5|2,3",
        "tags=cs.%7Bb%7D|1,2",
        "tags=cd.%7Ba,b,c%7D|1,2,3",
        "tags=ov.%7Ba,z%7D|1",
        "load=ov.%5B4,6%5D|1,2",
        "load=sl.%5B5,6%5D|1",
        "load=sr.%5B0,2)|2",
        "load=nxr.%5B1,5)|1",
        "load=nxl.%5B2,5)|2",
        "load=adj.%5B5,9)|1",
        "extra=cs.%7B%22n%22:8%7D|2",
        "extra->>gate=eq.A1|1",
        "extra->n=eq.7|1",
        "extra->n=gt.7|2",
        "extra->l->>1=eq.2|1",
        "extra->l->>-1=eq.2|1",
        "tags->>0=eq.b|2",
        "mood=eq.glad|1",
        "mood=in.(glad,sad)|1,2",
        "code=eq.ab|2",
        "alias=eq.x|1",
        "words=fts.cat|1",
        "words=fts(english).cats|1",
        "words=plfts(english).dogs|2",
        "words=phfts(english).dog ran|2",
        "words=wfts(english).dog or cat|1,2",
        "name=fts.Madrid|1",
        "or=(id.eq.1,id.eq.3)|1,3",
        "or=(id.eq.1,and(id.gt.1,delay.is.null))|1,2",
        "not.or=(id.eq.1,id.eq.3)|2",
        "and=(id.gt.1,not.or(id.eq.3,id.eq.9))|2",
        "or=(name.in.(%22Madrid%22,x),name.eq.%22a,b(c)%5C%22d%22)|1,3",
        "or=(tags.cs.%7Ba,b%7D,id.eq.3)|1,3",
        "or=(id.not.eq.1,delay.not.is.null)|1,2,3",
        "seen=gte.2026-01-02T00:00:00Z|2",
        "weight=eq.1.5|1",
        "limit=2|1,2",
        "limit=1&offset=1|2",
        "offset=2|3",
        "limit=0|''",
        "limit=abc|1,2,3",
        "limit=99999999999999999999999|1,2,3",
        "offset=99999999999999999999999|''",
      })
  void filters(String query, String expected) {
    assertThat(ids(query.replace(" ", "%20").replace(">", "%3E"))).isEqualTo(expected);
  }

  @Test
  void selectsColumnsAliasesCastsAndPaths() {
    String select = "id,who:carrier,delay::text,extra-%3E%3Egate,g:extra-%3El-%3E0,weight";
    assertThat(served.get("/db/flights?id=eq.1&select=" + select).body())
        .isEqualTo(
            "[{\"id\":1,\"who\":\"IB\",\"delay\":\"5\",\"gate\":\"A1\",\"g\":1,\"weight\":1.50}]");
    assertThat(served.get("/db/flights?select=&limit=2").body()).isEqualTo("[{},\n{}]");
  }

  @Test
  void ordersByColumnsAndPaths() {
    assertThat(served.get("/db/flights?select=id&order=carrier.desc,delay.asc.nullsfirst").body())
        .isEqualTo("[{\"id\":2},\n{\"id\":3},\n{\"id\":1}]");
    assertThat(served.get("/db/flights?select=id&order=extra-%3E%3Egate.desc.nullslast").body())
        .isEqualTo("[{\"id\":2},\n{\"id\":1},\n{\"id\":3}]");
  }

  @Test
  void readsWeirdNames() {
    String path = "/db/" + encoded("weird näme 1").replace("+", "%20");
    HttpResponse<String> answer = served.get(path + "?%22x.y%22=eq.dot&select=%22x.y%22,col%20umn");
    assertThat(answer.body()).isEqualTo("[{\"x.y\":\"dot\",\"col umn\":1}]");
    assertThat(served.get(path + "?%22q%5C%22uote%22=eq.2").statusCode()).isEqualTo(200);
    assertThat(served.get("/db/late").body()).isEqualTo("[{\"id\":1,\"delay\":5}]");
  }

  @Test
  void givesTheHeadersOfTheDialect() {
    HttpResponse<String> answer =
        served.get("/db/flights?order=id&select=id&limit=2", "Prefer", "count=exact");
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(header(answer, "Content-Range")).isEqualTo("0-1/3");
    assertThat(header(answer, "Content-Location"))
        .isEqualTo("/db/flights?limit=2&order=id&select=id");
    assertThat(header(answer, "Preference-Applied")).isEqualTo("count=exact");
    assertThat(header(answer, "Vary")).isEqualTo("Accept, Prefer, Range, Accept-Encoding");
    assertThat(header(answer, "Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(header(answer, "Content-Length")).isEqualTo("20");
  }

  @Test
  void countsAndRanges() {
    assertThat(range("/db/flights", "Prefer", "count=exact")).isEqualTo("200 0-2/3");
    assertThat(range("/db/flights", "Prefer", "count=estimated")).isEqualTo("200 0-2/3");
    assertThat(range("/db/flights?id=lt.3", "Prefer", "count=exact", "Range", "1-5"))
        .isEqualTo("206 1-1/2");
    assertThat(range("/db/flights", "Range", "0-0")).isEqualTo("200 0-0/*");
    assertThat(range("/db/flights", "Range", "1-")).isEqualTo("200 1-2/*");
    assertThat(range("/db/flights", "Range", "nonsense")).isEqualTo("200 0-2/*");
    assertThat(range("/db/flights?limit=0")).isEqualTo("200 */*");
    assertThat(range("/db/empty", "Prefer", "count=exact")).isEqualTo("200 */0");
    assertThat(range("/db/flights?offset=9", "Prefer", "count=exact")).isEqualTo("416 */3");
    assertThat(range("/db/flights?offset=3", "Prefer", "count=exact")).isEqualTo("206 */3");
    assertThat(served.get("/db/flights", "Range", "5-1").statusCode()).isEqualTo(416);
    assertThat(served.get("/db/flights?limit=-1").statusCode()).isEqualTo(416);
    assertThat(range("/db/flights", "Prefer", "count=planned")).matches("20. 0-2/\\d+");
  }

  private static String range(String path, String... headers) {
    HttpResponse<String> answer = served.get(path, headers);
    return answer.statusCode() + " " + header(answer, "Content-Range");
  }

  @Test
  void headIsGetWithoutBody() {
    HttpResponse<String> answer =
        served.send("HEAD", "/db/flights?limit=2", "Prefer", "count=exact");
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(answer.body()).isEmpty();
    assertThat(header(answer, "Content-Range")).isEqualTo("0-1/3");
  }

  @Test
  void answersInTheFormThatIsAccepted() {
    assertThat(
            served.get("/db/flights?select=id,delay&id=gt.1&order=id", "Accept", "text/csv").body())
        .isEqualTo("id,delay\r\n2,\r\n3,-3\r\n");
    assertThat(served.get("/db/flights?select=name&id=eq.3", "Accept", "text/csv").body())
        .isEqualTo("name\r\n\"a,b(c)\"\"d\"\r\n");
    assertThat(
            served.get("/db/flights?select=id&order=id", "Accept", "application/x-ndjson").body())
        .isEqualTo("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n");
    String object = "application/vnd.pgrst.object+json";
    assertThat(served.get("/db/flights?select=id&id=eq.2", "Accept", object).body())
        .isEqualTo("{\"id\":2}");
    assertThat(
            served
                .get(
                    "/db/flights?select=id,delay,extra&id=eq.2",
                    "Accept",
                    object + ";nulls=stripped")
                .body())
        .startsWith("{\"id\":2,\"extra\":{");
    HttpResponse<String> many = served.get("/db/flights", "Accept", object);
    assertThat(many.statusCode()).isEqualTo(406);
    assertThat(many.body()).contains("PGRST116", "The result contains 3 rows");
    assertThat(served.get("/db/flights?id=eq.9", "Accept", object).body())
        .contains("contains 0 rows");
    assertThat(served.get("/db/flights", "Accept", "image/png").body()).contains("PGRST107");
    assertThat(served.get("/db/flights", "Accept", "image/png, */*;q=0.1").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/nope/flights|404|ESC102",
        "/dv/flights|404|Perhaps you meant the database 'db'",
        "/db/flihgts|404|Perhaps you meant the table 'public.flights'",
        "/db/flights?carier=eq.1|400|Perhaps you meant the column 'carrier'",
        "/db/flights?select=dlay|400|42703",
        "/db/flights?order=dlay|400|42703",
        "/db/flights?id=eq.abc|400|22P02",
        "/db/flights?id=eq.99999999999999999999|400|22003",
        "/db/flights?id=nope.1|400|PGRST100",
        "/db/flights?id=1|400|PGRST100",
        "/db/flights?=x|400|PGRST100",
        "/db/flights?select=id,|400|PGRST100",
        "/db/flights?or=(id.eq.1|400|PGRST100",
        "/db/flights?order=id.up|400|PGRST100",
        "/db/flights?name=eq.%00|400|PGRST100",
        "/db/flights?name=eq.%FF|400|PGRST100",
        "/db/flights?name=eq.%ED%A0%80|400|PGRST100",
        "/db/flights?select=id::nonsense|400|42704",
        "/db/flights?mood=eq.angry|400|22P02",
        "/db/flights?name=match.(|400|2201B",
        "/db/flights?select=id,crew(*)|400|PGRST200",
        "/db/flights?crew.id=eq.1|400|PGRST108",
        "/db/flights?order=crew(id)|400|PGRST108",
        "/db/flights?extra=eq.nojson|400|22P02",
      })
  void refusesWithAReason(String path, int status, String fragment) {
    HttpResponse<String> answer = served.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(fragment);
  }

  @Test
  void refusesUnknownSchemasAndStrictlyUnknownPreferences() {
    assertThat(served.get("/db/flights", "Accept-Profile", "secret").body()).contains("PGRST106");
    assertThat(served.get("/db/flights", "Prefer", "handling=strict, nope=1").body())
        .contains("PGRST122", "nope=1");
    assertThat(served.get("/db/flights", "Prefer", "handling=lenient, nope=1").statusCode())
        .isEqualTo(200);
  }

  @Test
  void takesLongListsAndLongAddresses() {
    StringBuilder list = new StringBuilder("1");
    while (list.length() < 30_000) {
      list.append(",").append(list.length() + 10);
    }
    assertThat(ids("id=in.(" + list + ")")).isEqualTo("1");
  }

  @Test
  void seesNewTablesWithinASecondAndChangedOnesAtOnce() {
    database.execute("CREATE TABLE fresh (a int); INSERT INTO fresh VALUES (1)");
    eventually("it is known", () -> served.get("/db/fresh").body().equals("[{\"a\":1}]"));
    assertThat(served.get("/db/fresh?limit=1").body()).isEqualTo("[{\"a\":1}]");
    database.execute("ALTER TABLE fresh ALTER a TYPE text USING a || 'x'");
    assertThat(served.get("/db/fresh?limit=1").body()).isEqualTo("[{\"a\":\"1x\"}]");
  }

  @Test
  void listsDatabasesAndRelations() {
    assertThat(served.get("/").body()).contains("\"name\":\"db\"");
    assertThat(served.get("/db").body())
        .contains("\"name\":\"flights\"", "what flies", "\"type\":\"numeric(10,2)\"", "\"view\"");
  }

  @Test
  void reportsTheCatalog() {
    assertThat(served.observer.all(Observation.CatalogLoaded.class)).isNotEmpty();
    assertThat(served.api.probes().getFirst().check().toCompletableFuture().join().details())
        .containsKeys("latency_ms", "up_seconds");
  }
}
