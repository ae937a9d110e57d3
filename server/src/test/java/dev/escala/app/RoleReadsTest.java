package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Jwt;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads run as the role of who asks, and know of nobody else's request. */
@Tag("integration")
class RoleReadsTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String LISTENERS =
      """
      http:  {host: 127.0.0.1, port: 0}
      admin: {host: 127.0.0.1, port: 0}
      """;
  private static final List<String> ROLES =
      List.of("role_login", "role_visitor", "role_member", "role_reader");
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    DATABASE.dropRoles(ROLES);
    DATABASE.execute(
        """
        CREATE ROLE role_visitor; CREATE ROLE role_member; CREATE ROLE role_reader;
        CREATE ROLE role_login LOGIN PASSWORD 'secret' NOINHERIT;
        GRANT role_visitor, role_member, role_reader TO role_login;
        CREATE TABLE notes (id int PRIMARY KEY, owner text, body text);
        INSERT INTO notes SELECT n, 'user' || n % 20, 'note ' || n FROM generate_series(1, 3000) n;
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON notes
          USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
        CREATE TABLE news (id int PRIMARY KEY, title text);
        INSERT INTO news VALUES (1, 'open');
        CREATE TABLE secrets (id int);
        CREATE VIEW request AS SELECT current_user::text AS role,
          current_setting('request.jwt.claims', true) AS claims,
          current_setting('request.method', true) AS method,
          current_setting('request.path', true) AS path,
          current_setting('request.headers', true)::json AS headers,
          current_setting('request.cookies', true)::json AS cookies,
          current_setting('search_path') AS search_path;
        CREATE FUNCTION left_behind() RETURNS text LANGUAGE plpgsql AS $$
        DECLARE before text := current_setting('test.left', true);
        BEGIN
          PERFORM set_config('test.left', 'by ' || current_user, false);
          RETURN coalesce(before, '');
        END $$;
        CREATE VIEW careless AS SELECT 1 AS id, left_behind() AS found;
        GRANT SELECT ON news, request, careless TO role_visitor, role_member, role_reader;
        GRANT SELECT ON notes TO role_member;\
        """);
    server = start("anonymous: {role: role_visitor}", "");
    eventually("it is served", () -> server.get("/db/news").statusCode() == 200);
  }

  private static RunningServer start(String more, String pools) {
    return RunningServer.startAsWritten(
        LISTENERS
            + """
            databases: {db: {url: "${URL}", read-url: "${READ}"%s}}
            topics: {"*": {table: "db.{topic}"}}
            auth: {jwt: {secret: '%s'}, %s}
            """
                .formatted(pools, SECRET, more),
        DATABASE,
        Map.of("READ", RunningServer.url(DATABASE, "role_login", "secret")));
  }

  @AfterAll
  static void stop() {
    server.close();
    DATABASE.dropRoles(ROLES);
  }

  private static String[] as(String role, String user) {
    String token = Jwt.of(SECRET, "{\"role\":\"%s\",\"sub\":\"%s\"}".formatted(role, user));
    return new String[] {"Authorization", "Bearer " + token};
  }

  /** In each way in which rows are read: quickly, apart, as a stream, with a count, as SQL. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/db/notes?select=owner&id=eq.7",
        "/db/notes?select=owner&limit=100",
        "/db/notes?select=owner",
        "/db/notes?select=owner&order=body&limit=900",
        "/db?q=SELECT%20owner%20FROM%20notes%20WHERE%20id%3C3000",
        "/db/q=SELECT%20owner%20FROM%20notes"
      })
  void aPolicyShowsEachUserItsOwnRows(String path) {
    assertThat(server.get(path, as("role_member", "user7")).body())
        .contains("user7")
        .doesNotContainPattern("user(?!7\\b)");
    assertThat(server.get(path, as("role_member", "user8")).body()).doesNotContain("user7");
    assertThat(server.get(path, as("role_member", "nobody")).body()).isEqualTo("[]");
  }

  @Test
  void aCountCountsOwnRows() {
    String[] counted =
        new String[] {"Authorization", as("role_member", "user3")[1], "Prefer", "count=exact"};
    assertThat(server.get("/db/notes?limit=1", counted).headers().firstValue("Content-Range"))
        .contains("0-0/150");
  }

  @Test
  void whatAVisitorMayNotReadAsksWhoItIs() {
    HttpResponse<String> answer = server.get("/db/notes?limit=1");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("42501", "permission denied for table notes");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/db/notes?limit=1", "/db/notes", "/db?q=SELECT%20id%20FROM%20notes"})
  void whatAUserMayNotReadIsForbidden(String path) {
    HttpResponse<String> answer = server.get(path, as("role_reader", "ana"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("42501");
  }

  @Test
  void whatNoRoleMayReadIsNotThere() {
    assertThat(server.get("/db/secrets", as("role_member", "ana")).body()).contains("PGRST205");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/db/news?id=eq.1", "/db/news", "/db?q=SELECT%20id%20FROM%20news"})
  void aRoleThatIsNotThereOrNotAllowedReadsNothing(String path) {
    HttpResponse<String> missing = server.get(path, as("role_of_nobody", "ana"));
    assertThat(missing.statusCode()).isEqualTo(401);
    assertThat(missing.body()).contains("22023", "role \\\"role_of_nobody\\\" does not exist");
    HttpResponse<String> foreign = server.get(path, as("postgres", "ana"));
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.body()).contains("42501", "permission denied to set role");
  }

  /** To PostgreSQL this role is the login again. */
  @ParameterizedTest
  @ValueSource(strings = {"/db/news?id=eq.1", "/db/news", "/db?q=SELECT%20id%20FROM%20news"})
  void theRoleNoneIsNone(String path) {
    HttpResponse<String> answer = server.get(path, as("none", "ana"));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("22023");
  }

  @Test
  void theDatabaseIsToldOfTheRequestWithoutItsSecrets() {
    HttpResponse<String> answer =
        server.get(
            "/db/request?select=role,method,path,cookies,headers,claims,search_path",
            "Authorization",
            as("role_member", "ana")[1],
            "Cookie",
            "theme=dark; session=a=b",
            "X-Request-Id",
            "42",
            "apikey",
            "hidden");
    assertThat(answer.body())
        .contains("\"role\":\"role_member\",\"method\":\"GET\",\"path\":\"/request\"")
        .contains("\"cookies\":{\"theme\":\"dark\",\"session\":\"a=b\"}")
        .contains("\"x-request-id\":\"42\"", "\\\"sub\\\":\\\"ana\\\"")
        .contains("\"search_path\":\"\\\"public\\\"\"")
        .doesNotContain("Bearer", "hidden", "\"cookie\"");
  }

  /** Quickly, and in a transaction of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"/db/careless?limit=1", "/db/careless"})
  void whatAFunctionSetsForItsSessionEndsWithTheRequest(String path) {
    for (int i = 0; i < 20; i++) {
      String role = i % 2 == 0 ? "role_member" : "role_reader";
      assertThat(server.get(path, as(role, "ana")).body()).isEqualTo("[{\"id\":1,\"found\":\"\"}]");
    }
  }

  /** Few connections, many users, statements that are new and prepared among known ones. */
  @Test
  void nothingOfARequestIsSeenByAnother() throws Exception {
    // All are one client, and whoever has no connection waits for one.
    String pools = ", pools: {pipelined: 2, streams: 4, percent-per-client: 100, patience: 60s}";
    try (RunningServer few = start("anonymous: {role: role_visitor}", pools);
        ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      eventually("it is served", () -> few.get("/db/news").statusCode() == 200);
      List<Future<List<String>>> asked = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        int user = i % 20;
        asked.add(users.submit(user(few, "user" + user, i)));
      }
      for (Future<List<String>> wrong : asked) {
        assertThat(wrong.get()).isEmpty();
      }
    }
  }

  /** What it saw that is not its own. */
  private static Callable<List<String>> user(RunningServer few, String user, int number) {
    return () -> {
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String alias = "a" + number + "x" + i;
        String path =
            "/db/notes?select=%s:owner&id=in.(%d,%d)"
                .formatted(alias, 20 + number % 20, 20 + (number + 1) % 20);
        String rows = few.get(path, as("role_member", user)).body();
        if (!rows.equals("[{\"%s\":\"%s\"}]".formatted(alias, user))) {
          wrong.add(rows);
        }
        String visitor = few.get("/db/request?select=role,claims").body();
        if (!visitor.contains("role_visitor") || visitor.contains("sub")) {
          wrong.add(visitor);
        }
        if (few.get("/db/news", as("role_of_nobody", user)).statusCode() != 401) {
          wrong.add("read as nobody");
        }
      }
      return wrong;
    };
  }

  @Test
  void aReadThatTakesLongGoesOnApartAsTheSameRole() {
    DATABASE.execute(
        """
        CREATE VIEW slow AS SELECT n.id, n.owner, pg_sleep(0.3)::text AS slept
          FROM notes n WHERE id = 7;
        ALTER VIEW slow SET (security_invoker = true); GRANT SELECT ON slow TO role_member\
        """);
    eventually(
        "it is in the catalog",
        () -> server.get("/db/slow?limit=5", as("role_member", "user7")).statusCode() == 200);
    assertThat(server.get("/db/slow?limit=5", as("role_member", "user7")).body()).contains("user7");
    assertThat(server.get("/db/slow?limit=5", as("role_member", "user8")).body()).isEqualTo("[]");
    assertThat(server.get("/db/request?select=role,claims").body())
        .contains("role_visitor")
        .doesNotContain("sub");
  }

  @Test
  void aConnectionThatWasCutIsOpenedAnew() {
    DATABASE.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'role_login'");
    eventually("it is read again", () -> server.get("/db/news?id=eq.1").statusCode() == 200);
  }

  @Test
  void sqlCannotChangeTheRole() {
    for (String sql :
        List.of(
            "SELECT set_config('role', 'role_reader', true)",
            "SELECT 1; RESET ROLE; SELECT * FROM notes",
            "SET ROLE role_reader",
            "SELECT pg_catalog.set_config('request.jwt.claims', '{}', false)")) {
      HttpResponse<String> answer =
          server.get(
              "/db?q=" + URLEncoder.encode(sql, StandardCharsets.UTF_8), as("role_member", "ana"));
      assertThat(answer.statusCode()).as(sql).isEqualTo(400);
    }
  }

  /** Reads of tables without policies are told the role alone. */
  @Test
  void policiesHoldFromTheMomentOnWhereTheyAreMade() {
    DATABASE.execute(
        """
        CREATE TABLE ledger (id int PRIMARY KEY, owner text);
        INSERT INTO ledger VALUES (1, 'ana'), (2, 'eva');
        CREATE POLICY own ON ledger
          USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
        GRANT SELECT ON ledger TO role_member;
        NOTIFY escala;
        """);
    eventually(
        "it is served",
        () -> server.get("/db/ledger?id=lt.9", as("role_member", "ana")).statusCode() == 200);
    for (String path : List.of("/db/ledger?id=lt.9", "/db/ledger?id=in.(1,2)")) {
      DATABASE.execute("ALTER TABLE ledger DISABLE ROW LEVEL SECURITY");
      eventually(
          "both are seen", () -> server.get(path, as("role_member", "ana")).body().contains("eva"));
      DATABASE.execute("ALTER TABLE ledger ENABLE ROW LEVEL SECURITY");
      assertThat(server.get(path, as("role_member", "ana")).body())
          .isEqualTo("[{\"id\":1,\"owner\":\"ana\"}]");
    }
  }

  @Test
  void grantsHoldForEachOfThoseThatShareConnections() {
    for (int i = 0; i < 50; i++) {
      assertThat(server.get("/db/news?id=eq.1", as("role_reader", "ana")).statusCode())
          .isEqualTo(200);
      assertThat(server.get("/db/notes?id=eq.1", as("role_reader", "ana")).statusCode())
          .isEqualTo(403);
      assertThat(server.get("/db/news?id=eq.1").statusCode()).isEqualTo(200);
      assertThat(server.get("/db/notes?id=eq.1", as("role_member", "user1")).body())
          .contains("note 1");
    }
  }

  @Test
  void theDocumentOfTheDatabaseSaysWhatOpensIt() {
    String type = "application/openapi+json";
    assertThat(server.get("/db", "Accept", type).body())
        .contains("\"security\":[{},{\"token\":[]},{\"key\":[]}]", "securitySchemes");
    String[] token = as("role_member", "ana");
    assertThat(server.get("/db", token[0], token[1], "Accept", type).body())
        .contains("\"security\":[{\"token\":[]},{\"key\":[]}]");
  }
}
