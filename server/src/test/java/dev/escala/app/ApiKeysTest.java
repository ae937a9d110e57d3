package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that the command line makes, and two servers that take them. */
@Tag("integration")
class ApiKeysTest {
  private static final List<String> ROLES = List.of("keys_login", "keys_member");
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static final String YAML =
      """
      databases:
        db: {url: "${URL}", read-url: "${READ}", pools: {pipelined: 1, streams: 1, sql: 1}}
      topics: {t: {table: db.t}, other: {table: db.other}, told: {table: db.told, tail: true}}
      auth: {api-keys: {}}
      """;

  @TempDir static Path folder;

  private static Path file;
  private static RunningServer first;
  private static RunningServer second;

  @BeforeAll
  static void start() throws Exception {
    DATABASE.dropRoles(ROLES);
    DATABASE.execute(
        """
        CREATE ROLE keys_member; CREATE ROLE keys_login LOGIN PASSWORD 'secret';
        GRANT keys_member TO keys_login;
        CREATE TABLE news (id int PRIMARY KEY); INSERT INTO news VALUES (1);
        CREATE TABLE notes (id int PRIMARY KEY, key text);
        CREATE TABLE many (id int PRIMARY KEY, news int REFERENCES news);
        INSERT INTO many SELECT i, 1 FROM generate_series(1, 300) i; ANALYZE many;
        CREATE FUNCTION all_of_them() RETURNS SETOF many STABLE LANGUAGE sql
          AS 'SELECT * FROM many';
        GRANT SELECT ON news, notes, many TO keys_login; GRANT SELECT ON notes TO keys_member;
        CREATE VIEW request AS SELECT current_user::text AS role,
          current_setting('request.jwt.claims', true) AS claims;
        GRANT SELECT ON request TO keys_login, keys_member\
        """);
    Map<String, String> environment =
        Map.of("READ", RunningServer.url(DATABASE, "keys_login", "secret"));
    first = RunningServer.start(YAML, DATABASE, environment);
    second = RunningServer.start(YAML, DATABASE, environment);
    file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            YAML.replace("${URL}", RunningServer.url(DATABASE, "postgres", "postgres"))
                .replace("${READ}", environment.getOrDefault("READ", "")));
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
    DATABASE.dropRoles(ROLES);
  }

  private static String keys(String command, String... options) {
    List<String> arguments = new ArrayList<>(List.of("keys", command, "--config", file.toString()));
    arguments.addAll(List.of(options));
    return run(arguments);
  }

  private static String run(List<String> arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().strip();
  }

  /** Returns when both servers know it. */
  private static String key(String... options) {
    List<String> all = new ArrayList<>(List.of("--name", "test"));
    all.addAll(List.of(options));
    String key = keys("create", all.toArray(String[]::new));
    for (RunningServer server : List.of(first, second)) {
      eventually("it is known", () -> !server.get("/", showing(key)).body().contains("ESC141"));
      eventually("the catalog is there", () -> server.get("/", showing(key)).statusCode() != 503);
    }
    return key;
  }

  private static String[] showing(String key) {
    return new String[] {"Authorization", "Bearer " + key};
  }

  private static String id(String key) {
    return key.substring(4, 20);
  }

  /** It is looked at before each row, also where nothing else was asked since. */
  @Test
  void whoListensWithAKeyThatIsRevokedIsToldNothingMore() {
    String producer = key("--may", "publish");
    String listener = key("--may", "read");
    assertThat(first.post("/topics/told", "{\"n\":1}", showing(producer)).statusCode())
        .isEqualTo(200);
    DATABASE.execute("GRANT SELECT ON told TO keys_login; NOTIFY escala");
    eventually("it is known", () -> first.get("/db/told", showing(listener)).statusCode() == 200);
    try (Listening listening = new Listening(first, "/db/told?select=n", showing(listener))) {
      assertThat(listening.status()).isEqualTo(200);
      keys("revoke", id(listener));
      eventually(
          "it opens nothing", () -> first.get("/db/told", showing(listener)).statusCode() == 401);
      assertThat(first.post("/topics/told", "{\"n\":2}", showing(producer)).statusCode())
          .isEqualTo(200);
      eventually("it ends", listening::isEnded);
      assertThat(listening.data()).isEmpty();
    }
  }

  @Test
  void aKeyOpensInBothHeadersUntilItIsRevokedEverywhere() {
    String key = key();
    eventually("it reads", () -> second.get("/db/news", showing(key)).statusCode() == 200);
    assertThat(first.get("/db/news", "apikey", key).statusCode()).isEqualTo(200);
    assertThat(first.get("/db/news").statusCode()).isEqualTo(401);

    keys("revoke", id(key));
    for (RunningServer server : List.of(first, second)) {
      eventually(
          "it opens nothing", () -> server.get("/db/news", showing(key)).statusCode() == 401);
    }
    HttpResponse<String> answer = second.get("/db/news", showing(key));
    assertThat(answer.body()).contains("ESC141");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
  }

  @Test
  void onlyTheHashIsKept() {
    String key = key();
    assertThat(DATABASE.rows("SELECT * FROM escala.api_key WHERE id = '" + id(key) + "'"))
        .singleElement()
        .asString()
        .doesNotContain(key.substring(21));
    assertThat(keys("list")).contains(id(key), "good").doesNotContain(key.substring(21));
    assertThat(
            DATABASE.rows(
                "SELECT hash = sha256('%s') FROM escala.api_key WHERE id = '%s'"
                    .formatted(key.substring(21), id(key))))
        .containsExactly("t");
  }

  @Test
  void aKeyMayDoWhatItWasMadeFor() {
    String reader = key("--relation", "news");
    assertThat(first.get("/db/news", showing(reader)).statusCode()).isEqualTo(200);
    assertThat(first.get("/db/notes", showing(reader)).statusCode()).isEqualTo(403);
    assertThat(first.get("/db?q=SELECT%201", showing(reader)).statusCode()).isEqualTo(403);
    assertThat(first.post("/topics/t", "{\"n\":1}", showing(reader)).statusCode()).isEqualTo(403);

    String producer = key("--may", "publish", "--topic", "t");
    assertThat(first.post("/topics/t", "{\"n\":1}", showing(producer)).statusCode()).isEqualTo(200);
    assertThat(first.post("/topics/other", "{\"n\":1}", showing(producer)).statusCode())
        .isEqualTo(403);
    assertThat(first.get("/db/news", showing(producer)).statusCode()).isEqualTo(403);
    assertThat(first.send("DELETE", "admin:/topics/a", "", showing(producer)).statusCode())
        .isEqualTo(403);

    String operator = key("--may", "sql,admin", "--database", "db");
    assertThat(first.get("/db?q=SELECT%20id%20FROM%20news", showing(operator)).statusCode())
        .isEqualTo(200);
    assertThat(first.send("DELETE", "admin:/topics/a", "", showing(operator)).statusCode())
        .isEqualTo(404);

    String elsewhere = key("--database", "another");
    assertThat(first.get("/db/news", showing(elsewhere)).statusCode()).isEqualTo(403);
  }

  @Test
  void aKeyReadsAsItsRoleAndPoliciesKnowIt() {
    String member = key("--role", "keys_member");
    assertThat(first.get("/db/request", showing(member)).body())
        .contains("keys_member", id(member));
    assertThat(first.get("/db/news", showing(member)).statusCode()).isEqualTo(403);
    assertThat(first.get("/db/request?select=role", showing(key())).body()).contains("keys_login");
  }

  /** They share one connection. */
  @Test
  void aKeyWithoutARoleIsNotLeftWithThatOfAnother() {
    String member = key("--role", "keys_member");
    String login = key();
    for (int i = 0; i < 20; i++) {
      assertThat(first.get("/db/request?limit=9", showing(member)).body()).contains(id(member));
      assertThat(first.get("/db/request?limit=9", showing(login)).body())
          .contains("keys_login")
          .doesNotContain(id(member));
    }
  }

  @Test
  void aKeyEnds() {
    String key = key("--days", "1");
    assertThat(first.get("/db/news", showing(key)).statusCode()).isEqualTo(200);
    DATABASE.execute(
        "UPDATE escala.api_key SET expires_at = now() WHERE id = '%s'".formatted(id(key)));
    eventually("it is over", () -> first.get("/db/news", showing(key)).statusCode() == 401);
    assertThat(keys("list")).contains(id(key) + "  expired");
  }

  @Test
  void aKeyThatAsksTooOftenIsToldToWait() {
    String key = key("--per-second", "1000");
    assertThat(first.get("/db/news", showing(key)).statusCode()).isEqualTo(200);
    String slow = keys("create", "--name", "slow", "--per-second", "1");
    eventually(
        "it has used its pace",
        () -> {
          HttpResponse<String> answer = first.get("/db/news", showing(slow));
          return answer.statusCode() == 429
              && answer.body().contains("ESC142")
              && answer.headers().firstValue("Retry-After").isPresent();
        });
  }

  @Test
  void aKeyTakesNoMoreThanItsLimits() {
    String key = key("--may", "read,sql", "--max-rows", "2", "--max-cost", "1000");
    String[] showing = showing(key);
    HttpResponse<String> sql = first.get("/db?q=SELECT%20id%20FROM%20many", showing);
    assertThat(sql.statusCode()).isEqualTo(206);
    assertThat(sql.headers().firstValue("Escala-Truncated")).hasValue("rows");
    assertThat(sql.headers().firstValue("Content-Range")).hasValue("0-1/*");
    assertThat(first.get("/db?q=SELECT%20count(*)%20FROM%20many%20a,many%20b", showing).body())
        .contains("ESC121", "the limit is 1000");

    assertThat(first.get("/db/many?select=id&order=id", showing).body().lines()).hasSize(2);
    assertThat(first.get("/db/rpc/all_of_them", showing).body().lines()).hasSize(2);
    assertThat(first.get("/db/news?select=many(id)", showing).body())
        .isEqualTo("[{\"many\":[{\"id\":1}, \n {\"id\":2}]}]");

    String free = key("--may", "read,sql");
    assertThat(first.get("/db?q=SELECT%20id%20FROM%20many", showing(free)).statusCode())
        .isEqualTo(200);
    assertThat(first.get("/db/many?select=id", showing(free)).body().lines()).hasSize(300);
    assertThat(keys("list")).contains(id(key) + "  good").contains("rows <= 2  cost <= 1000");
  }

  @Test
  void aLimitIsAtLeastOne() {
    String[] arguments = {
      "keys", "create", "--config", file.toString(), "--name", "none", "--max-rows", "0"
    };
    assertThat(CommandRun.of(arguments).exitsWith(2)).contains("--max-rows is at least 1, not 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "esk_",
        "esk_0123456789abcdef",
        "esk_0123456789abcdef_",
        "esk_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "esk_' OR true --_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void whatIsNoKeyOpensNothing(String key) {
    var _ = key();
    assertThat(first.get("/db/news", showing(key)).body()).contains("ESC141");
  }

  @Test
  void aKeyWithTheSecretOfAnotherOpensNothing() {
    String one = key();
    String other = key();
    String mixed = one.substring(0, 21) + other.substring(21);
    assertThat(first.get("/db/news", showing(mixed)).body()).contains("ESC141");
  }

  @Test
  void theCommandsShowAKey() throws Exception {
    String key = key("--may", "sql,publish");
    String server = first.address().toString();
    String sql = "SELECT id FROM news";
    assertThat(run(List.of("query", "db", sql, "--url", server, "--token", key))).contains("1 row");
    Path events = Files.writeString(folder.resolve("events.ndjson"), "{\"n\":7}\n");
    assertThat(run(List.of("publish", "t", events.toString(), "--to", server, "--token", key)))
        .contains("1 published: 1 stored");
  }

  @Test
  void aKeyThatIsNotThereCannotBeRevoked() {
    String[] arguments = {"keys", "revoke", "--config", file.toString(), "0000000000000000"};
    assertThat(CommandRun.of(arguments).exitsWith(1)).contains("no key 0000000000000000");
  }
}
