package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Jwt;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of caller, each kind of resource, each method. */
@Tag("integration")
class AccessMatrixTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final List<String> ROLES =
      List.of(
          "matrix_login", "matrix_visitor", "matrix_member", "matrix_operator", "matrix_partner");
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static RunningServer open;
  private static RunningServer closed;

  @BeforeAll
  static void start() {
    DATABASE.dropRoles(ROLES);
    DATABASE.execute(
        """
        CREATE ROLE matrix_visitor; CREATE ROLE matrix_member; CREATE ROLE matrix_operator;
        CREATE ROLE matrix_partner; CREATE ROLE matrix_login LOGIN PASSWORD 'secret' NOINHERIT;
        GRANT matrix_visitor, matrix_member, matrix_operator, matrix_partner TO matrix_login;
        CREATE TABLE news (id int PRIMARY KEY);
        CREATE TABLE notes (id int PRIMARY KEY REFERENCES news);
        CREATE FUNCTION one(n int DEFAULT 0) RETURNS int STABLE LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION inside() RETURNS int STABLE LANGUAGE sql AS 'SELECT 2';
        REVOKE EXECUTE ON FUNCTION inside FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION inside TO matrix_member, matrix_operator;
        GRANT SELECT ON news
          TO matrix_visitor, matrix_member, matrix_operator, matrix_partner;
        GRANT SELECT ON notes TO matrix_member, matrix_operator, matrix_partner\
        """);
    open = start("anonymous: {role: matrix_visitor}, ");
    closed = start("");
    eventually("it is served", () -> open.get("/db/news").statusCode() == 200);
  }

  private static RunningServer start(String anonymous) {
    return RunningServer.start(
        """
        databases: {db: {url: "${URL}", read-url: "${READ}"}}
        topics: {t: {table: db.t}, other: {table: db.other}}
        auth:
          {%s jwt: {secret: '%s'},
           roles: {producer: {may: [publish], topics: [t]},
                   matrix_operator: {may: [read, sql, publish, operate, admin]},
                   matrix_partner: {may: [read], relations: [news]}}}
        """
            .formatted(anonymous, SECRET),
        DATABASE,
        Map.of("READ", RunningServer.url(DATABASE, "matrix_login", "secret")));
  }

  @AfterAll
  static void stop() {
    open.close();
    closed.close();
    DATABASE.dropRoles(ROLES);
  }

  private static String[] showing(String role) {
    return Jwt.headers(SECRET, role);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          method | path                             | nobody | bad | member | producer | operator | partner
          GET    | /ping                            | 200    | 200 | 200    | 200      | 200      | 200
          HEAD   | /ping                            | 200    | 200 | 200    | 200      | 200      | 200
          GET    | /                                | 200    | 401 | 200    | 200      | 200      | 200
          GET    | /db                              | 200    | 401 | 200    | 403      | 200      | 200
          HEAD   | /db                              | 200    | 401 | 200    | 403      | 200      | 200
          GET    | /db/news                         | 200    | 401 | 200    | 403      | 200      | 200
          HEAD   | /db/news                         | 200    | 401 | 200    | 403      | 200      | 200
          POST   | /db/news                         | 405    | 401 | 405    | 405      | 405      | 405
          PATCH  | /db/news                         | 405    | 401 | 405    | 405      | 405      | 405
          DELETE | /db/news                         | 405    | 401 | 405    | 405      | 405      | 405
          GET    | /db/notes                        | 401    | 401 | 200    | 403      | 200      | 403
          HEAD   | /db/notes                        | 401    | 401 | 200    | 403      | 200      | 403
          GET    | /db/news?select=id,notes(id)     | 401    | 401 | 200    | 403      | 200      | 403
          GET    | /db/news?select=...notes(id)     | 401    | 401 | 200    | 403      | 200      | 403
          GET    | /db/rpc/one                      | 200    | 401 | 200    | 403      | 200      | 403
          POST   | /db/rpc/one                      | 200    | 401 | 200    | 403      | 200      | 403
          GET    | /db/rpc/inside                   | 401    | 401 | 200    | 403      | 200      | 403
          GET    | /db?q=SELECT%20id%20FROM%20news  | 200    | 401 | 200    | 403      | 200      | 403
          GET    | /db/q=SELECT%20id%20FROM%20news  | 200    | 401 | 200    | 403      | 200      | 403
          GET    | /db?q=SELECT%20id%20FROM%20notes | 401    | 401 | 200    | 403      | 200      | 403
          GET    | /db/mcp                          | 405    | 401 | 405    | 405      | 405      | 405
          POST   | /db/mcp                          | 415    | 401 | 400    | 403      | 400      | 400
          GET    | /other                           | 404    | 401 | 404    | 404      | 404      | 404
          POST   | /topics/t                        | 401    | 401 | 403    | 200      | 200      | 403
          POST   | /topics/other                    | 401    | 401 | 403    | 403      | 200      | 403
          GET    | /topics                          | 401    | 401 | 403    | 403      | 200      | 403
          GET    | /topics/t                        | 401    | 401 | 403    | 403      | 200      | 403
          HEAD   | /topics/t                        | 401    | 401 | 403    | 403      | 200      | 403
          GET    | /topics/t/dead-letters           | 401    | 401 | 403    | 403      | 200      | 403
          GET    | /topics/t/dead-letters/1         | 401    | 401 | 403    | 403      | 404      | 403
          POST   | /topics/t/dead-letters/replay    | 401    | 401 | 403    | 403      | 200      | 403
          POST   | /topics/t/dead-letters/discard   | 401    | 401 | 403    | 403      | 200      | 403
          POST   | /topics/t/dead-letters/1/correct | 401    | 401 | 403    | 403      | 404      | 403
          DELETE | /topics/t                        | 405    | 401 | 405    | 405      | 405      | 405
          GET    | /no/such/path/at/all             | 404    | 401 | 404    | 404      | 404      | 404
          GET    | admin:/metrics                   | 200    | 200 | 200    | 200      | 200      | 200
          GET    | admin:/topics                    | 200    | 200 | 200    | 200      | 200      | 200
          GET    | admin:/dead-letters              | 401    | 401 | 403    | 403      | 200      | 403
          HEAD   | admin:/dead-letters              | 401    | 401 | 403    | 403      | 200      | 403
          GET    | admin:/dead-letters/1            | 401    | 401 | 403    | 403      | 404      | 403
          POST   | admin:/dead-letters/replay       | 401    | 401 | 403    | 403      | 200      | 403
          POST   | admin:/dead-letters/discard      | 401    | 401 | 403    | 403      | 400      | 403
          DELETE | admin:/topics/invented           | 401    | 401 | 403    | 403      | 404      | 403
          """)
  void eachCallerMayDoWhatItMay(
      String method,
      String path,
      int nobody,
      int bad,
      int member,
      int producer,
      int operator,
      int partner) {
    String body = method.equals("POST") ? "{\"n\":1}" : "";
    assertThat(status(method, path, body)).isEqualTo(nobody);
    assertThat(status(method, path, body, "Authorization", "Bearer none")).isEqualTo(bad);
    assertThat(status(method, path, body, showing("matrix_member"))).isEqualTo(member);
    assertThat(status(method, path, body, showing("producer"))).isEqualTo(producer);
    assertThat(status(method, path, body, showing("matrix_operator"))).isEqualTo(operator);
    assertThat(status(method, path, body, showing("matrix_partner"))).isEqualTo(partner);

    int withoutAnonymous = nobody == 200 && bad == 200 ? 200 : 401;
    assertThat(closed.send(method, path, body).statusCode()).isEqualTo(withoutAnonymous);
  }

  private static int status(String method, String path, String body, String... headers) {
    return open.send(method, path, body, headers).statusCode();
  }

  @Test
  void theListShowsWhatMayBeRead() {
    assertThat(open.get("/db", showing("matrix_partner")).body())
        .contains("\"news\"")
        .doesNotContain("\"notes\"");
    assertThat(open.get("/db", showing("matrix_operator")).body())
        .contains(
            "\"relation\":\"notes\",\"cardinality\":\"one-to-one\"",
            "\"embed\":\"select=*,notes(*)\"");
    assertThat(open.get("/", showing("producer")).body()).isEqualTo("{\"databases\":[]}");
  }

  @Test
  void whatIsForbiddenSaysWhat() {
    assertThat(open.post("/topics/other", "{}", showing("producer")).body())
        .contains("ESC140", "publish to the topic other");
  }

  /** It publishes and reads behind the lock, with a token of this process. */
  @Test
  void theCanaryGoesThroughTheLock() {
    eventually(
        "its markers are read back", () -> closed.metric("canary_served_total", "topic=\"t\"") > 0);
  }
}
