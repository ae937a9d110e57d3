package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions over HTTP: which one is called, with what, and how its result is read. */
@Tag("integration")
class RoutinesTest {
  private static PostgresServer.Database database;
  private static ServedDatabase served;

  @BeforeAll
  static void start() {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE carriers (code text PRIMARY KEY, name text);
        CREATE TABLE flights (id int PRIMARY KEY, carrier text REFERENCES carriers, delay int);
        INSERT INTO carriers VALUES ('IB', 'Iberia'), ('LH', 'Lufthansa');
        INSERT INTO flights VALUES (1, 'IB', 5), (2, 'LH', 20), (3, 'IB', -3);
        CREATE TYPE pair AS (a int, b text);
        CREATE FUNCTION add(a int, b int DEFAULT 1) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a + b';
        CREATE FUNCTION formatted(format text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT format';
        CREATE FUNCTION now_is() RETURNS text STABLE LANGUAGE sql AS $$SELECT 'now'$$;
        CREATE FUNCTION late(above int) RETURNS SETOF flights STABLE LANGUAGE sql
          AS 'SELECT * FROM flights WHERE delay >= above';
        CREATE FUNCTION first_flight() RETURNS flights STABLE LANGUAGE sql AS 'SELECT * FROM flights ORDER BY id LIMIT 1';
        CREATE FUNCTION numbers(most int) RETURNS SETOF int IMMUTABLE LANGUAGE sql AS 'SELECT generate_series(1, most)';
        CREATE FUNCTION listed(most int) RETURNS TABLE (n int, label text) IMMUTABLE LANGUAGE sql
          AS $$SELECT i, 'n' || i FROM generate_series(1, most) i$$;
        CREATE FUNCTION both_out(a int, OUT doubled int, OUT halved numeric) IMMUTABLE LANGUAGE sql AS 'SELECT a * 2, a / 2.0';
        CREATE FUNCTION make_pair(a int, b text) RETURNS pair IMMUTABLE LANGUAGE sql AS 'SELECT a, b';
        CREATE FUNCTION total(VARIADIC n int[]) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT sum(x) FROM unnest(n) x';
        CREATE FUNCTION longest(texts text[]) RETURNS text IMMUTABLE LANGUAGE sql
          AS 'SELECT t FROM unnest(texts) t ORDER BY length(t) DESC LIMIT 1';
        CREATE FUNCTION echo(json) RETURNS json IMMUTABLE LANGUAGE sql AS 'SELECT $1';
        CREATE FUNCTION measured(text) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT length($1)';
        CREATE FUNCTION octets(bytea) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT length($1)';
        CREATE FUNCTION nothing() RETURNS void STABLE LANGUAGE sql AS 'SELECT NULL::void';
        CREATE FUNCTION untyped() RETURNS record STABLE LANGUAGE sql AS $$SELECT 1, 'x'::text$$;
        CREATE FUNCTION twice(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a * 2';
        CREATE FUNCTION twice(a text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT a || a';
        CREATE FUNCTION writes() RETURNS int LANGUAGE sql
          AS $$INSERT INTO carriers VALUES ('XX', 'x') RETURNING 1$$;
        CREATE FUNCTION leaves() RETURNS text VOLATILE LANGUAGE sql
          AS $$SELECT set_config('application_name', 'left', false)$$;
        CREATE FUNCTION which() RETURNS text STABLE LANGUAGE sql AS $$SELECT current_setting('application_name')$$;
        CREATE FUNCTION fails() RETURNS int STABLE LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no such thing'; END$$;
        CREATE FUNCTION secret() RETURNS int STABLE LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION of_trigger() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
        CREATE ROLE routine_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON carriers, flights TO routine_reader;
        REVOKE EXECUTE ON FUNCTION secret FROM PUBLIC\
        """);
    served = ServedDatabase.startFor(database, "routine_reader", ServedDatabase.SQL);
  }

  @AfterAll
  static void stop() {
    served.close();
    database.execute("DROP OWNED BY routine_reader; DROP ROLE routine_reader");
  }

  private static String flat(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body().replaceAll(",\\s+", ",");
  }

  private static HttpResponse<String> post(String pathAndQuery, String type, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + served.port() + "/db/rpc/" + pathAndQuery))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    try {
      return served.client().send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static HttpResponse<String> post(String pathAndQuery, String json) {
    return post(pathAndQuery, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          add?a=1&b=2                                   | 3
          add?a=41                                      | 42
          now_is                                        | "now"
          numbers?most=3                                | [1,2,3]
          numbers?most=3&limit=2                        | [1,2]
          listed?most=2                                 | [{"n":1,"label":"n1"},{"n":2,"label":"n2"}]
          listed?most=9&n=gt.1&label=like.*3&select=n   | [{"n":3}]
          both_out?a=3                                  | {"doubled":6,"halved":1.5000000000000000}
          make_pair?a=1&b=x                             | {"a":1,"b":"x"}
          first_flight                                  | {"id":1,"carrier":"IB","delay":5}
          first_flight?select=id,carriers(name)         | {"id":1,"carriers":{"name":"Iberia"}}
          late?above=0&select=id&order=id               | [{"id":1},{"id":2}]
          late?above=0&delay=gt.6&select=id             | [{"id":2}]
          late?above=0&select=id,carriers(name)&order=id.desc&limit=1 | [{"id":2,"carriers":{"name":"Lufthansa"}}]
          late?above=-9&select=count()                  | [{"count":3}]
          formatted?format=csv                          | "csv"
          total?n=1&n=2&n=39                            | 42
          longest?texts={a,ccc,bb}                      | "ccc"
          untyped                                       | {"?column?":1,"text":"x"}
          """)
  void callsWithTheQueryString(String request, String expected) {
    assertThat(flat(served.get("/db/rpc/" + request.replace("{", "%7B").replace("}", "%7D"))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          add                        | {"a":1,"b":2}              | 3
          now_is                     | {}                         | "now"
          now_is                     | ``                         | "now"
          late?select=id&order=id    | {"above":0}                | [{"id":1},{"id":2}]
          total                      | {"n":[1,2,39]}             | 42
          longest                    | {"texts":["a","b,c","d"]}  | "b,c"
          echo                       | {"any":[1,{"x":null}]}     | {"any":[1,{"x":null}]}
          echo                       | [1,2]                      | [1,2]
          """)
  void callsWithAJsonBody(String request, String body, String expected) {
    assertThat(flat(post(request, body))).isEqualTo(expected);
  }

  @Test
  void callsWithOtherBodies() {
    assertThat(flat(post("measured", "text/plain", new byte[] {65, 66, 67}))).isEqualTo("3");
    assertThat(flat(post("octets", "application/octet-stream", new byte[] {0, -1, 39})))
        .isEqualTo("3");
    byte[] form = "a=1&b=4".getBytes(StandardCharsets.US_ASCII);
    assertThat(flat(post("add", "application/x-www-form-urlencoded", form))).isEqualTo("5");
    HttpResponse<String> nothing = post("nothing", "{}");
    assertThat(nothing.statusCode()).isEqualTo(204);
    assertThat(nothing.body()).isEmpty();
    assertThat(served.get("/db/rpc/nothing").statusCode()).isEqualTo(204);
  }

  @Test
  void otherFormsAndHeaders() {
    assertThat(served.get("/db/rpc/listed?most=1", "Accept", "text/csv").body())
        .isEqualTo("n,label\r\n1,n1\r\n");
    assertThat(
            served
                .get("/db/rpc/listed?most=1", "Accept", "application/vnd.pgrst.object+json")
                .body())
        .isEqualTo("{\"n\":1,\"label\":\"n1\"}");
    assertThat(served.get("/db/rpc/listed?most=1&format=csv").body())
        .isEqualTo("n,label\r\n1,n1\r\n");
    HttpResponse<String> two =
        served.get("/db/rpc/listed?most=2", "Accept", "application/vnd.pgrst.object+json");
    assertThat(two.statusCode()).isEqualTo(406);
    HttpResponse<String> counted =
        served.get("/db/rpc/listed?most=9&limit=2", "Prefer", "count=exact");
    assertThat(counted.statusCode()).isEqualTo(206);
    assertThat(counted.headers().firstValue("Content-Range")).hasValue("0-1/9");
    assertThat(served.send("HEAD", "/db/rpc/listed?most=2").statusCode()).isEqualTo(200);
    assertThat(served.send("OPTIONS", "/db/rpc/add").headers().firstValue("Allow"))
        .hasValue("OPTIONS,GET,HEAD,POST");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nope                       | 404 | PGRST202 | Could not find the function public.nope without parameters in the schema cache
          add?c=1                    | 404 | PGRST202 | Perhaps you meant to call the function public.add(a, b)
          add                        | 404 | PGRST202 | public.add without parameters
          secret                     | 404 | PGRST202 | public.secret
          of_trigger                 | 404 | PGRST202 | public.of_trigger
          twice?a=1                  | 300 | PGRST203 | public.twice(a => integer), public.twice(a => text)
          add?a=x                    | 400 | 22P02    | invalid input syntax for type integer
          listed?most=1&nope=eq.1    | 400 | 42703    | nope
          writes                     | 405 | 25006    | read-only transaction
          fails                      | 400 | P0001    | no such thing
          late?above=eq.1            | 404 | PGRST202 | public.late without parameters
          """)
  void refuses(String request, int status, String code, String text) {
    HttpResponse<String> answer = served.get("/db/rpc/" + request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"").contains(text);
  }

  @Test
  void refusesBodiesAndMethods() {
    assertThat(post("add", "{").body()).contains("PGRST102");
    assertThat(post("add", "image/png", new byte[] {1}).body()).contains("PGRST102");
    assertThat(post("add", "[1]").statusCode()).isEqualTo(404);
    HttpResponse<String> put = served.send("PUT", "/db/rpc/add");
    assertThat(put.statusCode()).isEqualTo(405);
    assertThat(put.body()).contains("PGRST101", "Cannot use the PUT method on RPC");
    assertThat(served.get("/db/rpc/add?a=1", "Accept-Profile", "other").statusCode())
        .isEqualTo(406);
  }

  @Test
  void whatAFunctionSetsIsNotSeenByTheNext() {
    assertThat(flat(served.get("/db/rpc/leaves"))).isEqualTo("\"left\"");
    for (int i = 0; i < 20; i++) {
      assertThat(flat(served.get("/db/rpc/which"))).isEqualTo("\"escala\"");
    }
  }
}
