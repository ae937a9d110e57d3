package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Jwt;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Topics and dead letters on the public port. */
@Tag("integration")
class OperateApiTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String YAML =
      """
      databases: {db: {url: "${URL}", pools: {pipelined: 1, streams: 1, sql: 1}}}
      topics: {t: {table: db.t, key: $.id}, other: {table: db.other}}
      canary: {enabled: false}
      """;
  private static final String LOCK =
      """
      auth:
        jwt: {secret: '%s'}
        roles: {operator: {may: [operate], topics: [t]}, reader: {may: [read]}, all: {may: [operate]}}
      """
          .formatted(SECRET);

  private final Database database = PostgresServer.newDatabase();
  private RunningServer server;

  @BeforeEach
  void reject() {
    database.execute("CREATE TABLE t (id text, tail text NOT NULL)");
    server = RunningServer.start(YAML + "auth: none", database, Map.of());
    server.post("/topics/t", "{\"id\":\"good\",\"tail\":\"N1\"}");
    server.post(
        "/topics/t",
        "{\"id\":\"a\"}\n{\"id\":\"b\"}\nbad\n",
        "Content-Type",
        "application/x-ndjson");
    server.post("/topics/other", "{\"n\":1\n", "Content-Type", "application/x-ndjson");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode get(String path) {
    return json(server.get(path));
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private JsonNode post(String path, String body) {
    return json(server.post(path, body));
  }

  private List<String> statuses() {
    return database.rows("SELECT status FROM escala.dead_letter ORDER BY id");
  }

  @Test
  void theWayOfATopicIsTold() {
    JsonNode topic = get("/topics/t");
    JsonNode hour = topic.path("last_hour");
    assertThat(hour.path("received").asInt()).isEqualTo(4);
    assertThat(hour.path("decoded").asInt()).isEqualTo(1);
    assertThat(hour.path("stored").asInt()).isEqualTo(1);
    assertThat(hour.path("rejected").asInt()).isEqualTo(3);
    assertThat(hour.path("lag_seconds").asDouble()).isGreaterThan(0);
    assertThat(topic.path("received_by_minute")).hasSize(60);
    assertThat(topic.path("in_flight").asInt()).isZero();
    assertThat(topic.path("table").path("name").asString()).isEqualTo("t");
    eventually(
        "its letters are counted",
        () -> get("/topics/t").path("dead_letters").path("open").asInt() == 3);
    assertThat(get("/topics/t").path("dead_letters").path("reasons").toString())
        .contains("field.missing", "json.malformed");
  }

  @Test
  void topicsArePaged() {
    List<String> names = new ArrayList<>();
    JsonNode page = get("/topics?limit=1");
    names.add(page.path("topics").path(0).path("topic").asString());
    page = get("/topics?limit=1&after=" + page.path("next").asString());
    names.add(page.path("topics").path(0).path("topic").asString());
    assertThat(names).containsExactly("other", "t");
    assertThat(page.path("next").isNull()).isTrue();
    assertThat(server.get("/topics?limit=0").body()).contains("ESC163");
    assertThat(server.get("/topics/tt").body()).contains("ESC103", "Did you mean t?");
  }

  @Test
  void lettersAreSeenReplayedAndDiscardedInParts() {
    JsonNode listed = get("/topics/t/dead-letters?limit=2");
    assertThat(listed.path("dead_letters")).hasSize(2);
    assertThat(listed.path("next").asInt()).isEqualTo(2);
    assertThat(get("/topics/t/dead-letters/1").path("body").asString()).isEqualTo("{\"id\":\"a\"}");

    database.execute("ALTER TABLE t ALTER tail DROP NOT NULL");
    JsonNode part = post("/topics/t/dead-letters/replay?limit=1", "");
    assertThat(part.path("stored").asInt()).isEqualTo(1);
    assertThat(part.path("remaining").asInt()).isEqualTo(2);
    part = post("/topics/t/dead-letters/replay?after=" + part.path("next").asString(), "");
    assertThat(part.path("stored").asInt()).isEqualTo(1);
    assertThat(part.path("rejected").path("json.malformed").asInt()).isEqualTo(1);
    assertThat(part.path("next").isNull()).isTrue();

    server.post("/topics/t", "bad\nworse\n", "Content-Type", "application/x-ndjson");
    part = post("/topics/t/dead-letters/discard?limit=1", "");
    assertThat(part.path("discarded").asInt()).isEqualTo(1);
    assertThat(part.path("remaining").asInt()).isPositive();
    post("/topics/t/dead-letters/discard", "");
    assertThat(database.rows("SELECT topic FROM escala.dead_letter WHERE status = 'new'"))
        .containsExactly("other");
    assertThat(get("/topics/other/dead-letters").path("dead_letters")).hasSize(1);
  }

  @Test
  void oneIsCorrected() {
    String letter = "/topics/t/dead-letters/1/correct";
    JsonNode again = post(letter, "{\"id\":\"a\",\"tail\":");
    assertThat(again.path("rejected").path("json.malformed").asInt()).isEqualTo(1);
    JsonNode tried = post(letter + "?dry-run=true", "{\"id\":\"a\",\"tail\":\"N7\"}");
    assertThat(tried.path("stored").asInt()).isEqualTo(1);
    assertThat(database.rows("SELECT id FROM t")).containsExactly("good");

    assertThat(post(letter, "{\"id\":\"a\",\"tail\":\"N7\"}").path("stored").asInt()).isEqualTo(1);
    assertThat(database.rows("SELECT tail FROM t ORDER BY id")).containsExactly("N7", "N1");
    JsonNode whole = get("/topics/t/dead-letters/1");
    assertThat(whole.path("status").asString()).isEqualTo("resolved");
    assertThat(whole.path("body").asString()).as("what came is kept").isEqualTo("{\"id\":\"a\"}");
    assertThat(post(letter, "{\"id\":\"a\",\"tail\":\"N8\"}").path("stored").asInt())
        .as("what is stored is not corrected")
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /topics/other/dead-letters/1",
        "GET /topics/t/dead-letters/99",
        "GET /topics/t/dead-letters/x",
        "POST /topics/other/dead-letters/1/correct"
      })
  void aLetterOfAnotherTopicIsNotThere(String request) {
    String[] words = request.split(" ", 2);
    HttpResponse<String> answer = server.send(words[0], words[1], "");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("ESC164");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /topics/t/dead-letters?topic=other",
        "GET /topics/t/dead-letters?limit=1001",
        "GET /topics/t/dead-letters?database=nowhere",
        "POST /topics/t/dead-letters/replay?status=any",
        "POST /topics/t/dead-letters/discard?status=any"
      })
  void whatCannotBeReadIsSaid(String request) {
    String[] words = request.split(" ", 2);
    HttpResponse<String> answer = server.send(words[0], words[1], "");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("ESC163");
  }

  @Test
  void pagesOfOtherSitesMayNotAsk() {
    String discard = "/topics/t/dead-letters/discard";
    String own = server.address().toString();
    for (String[] headers :
        List.of(
            new String[] {"Origin", "http://evil.example"},
            new String[] {"Origin", own, "Sec-Fetch-Site", "cross-site"},
            new String[] {"Sec-Fetch-Site", "same-site"})) {
      HttpResponse<String> refused = server.post(discard, "", headers);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("ESC148");
    }
    assertThat(statuses()).containsOnly("new");
    assertThat(server.post(discard, "", "Origin", own).statusCode()).isEqualTo(200);
    assertThat(server.post(discard, "", "Sec-Fetch-Site", "same-origin").statusCode())
        .isEqualTo(200);
  }

  @Test
  void rightsAreOfTopics() {
    try (RunningServer locked = RunningServer.start(YAML + LOCK, database, Map.of())) {
      assertThat(locked.get("/topics/t").statusCode()).isEqualTo(401);
      assertThat(locked.get("/topics/t", showing("reader")).body())
          .contains("ESC140", "operate the topic t");
      assertThat(locked.get("/topics/t/dead-letters/1", showing("operator")).statusCode())
          .isEqualTo(200);
      assertThat(locked.get("/topics/other/dead-letters", showing("operator")).statusCode())
          .isEqualTo(403);
      assertThat(locked.get("/topics", showing("operator")).body())
          .contains("\"topic\":\"t\"")
          .doesNotContain("other");
      assertThat(locked.get("/topics", showing("all")).body()).contains("\"topic\":\"other\"");
      assertThat(locked.post("/topics/t", "{}", showing("operator")).statusCode())
          .as("no right to publish")
          .isEqualTo(403);
    }
  }

  private static String[] showing(String role) {
    return Jwt.headers(SECRET, role);
  }

  /** Each path of the document has each of its methods, and each answer its members. */
  @Test
  void theDocumentIsOfWhatIsThere() {
    JsonNode document = json(server.get("/topics", "Accept", "application/openapi+json"));
    Set<String> asked = new TreeSet<>();
    document
        .path("paths")
        .forEachEntry(
            (path, methods) ->
                methods.forEachEntry(
                    (method, operation) -> {
                      if (!method.equals("parameters")) {
                        asked.add(method + " " + path);
                        String at = path.replace("{topic}", "t").replace("{id}", "3");
                        HttpResponse<String> answer =
                            server.send(
                                method.toUpperCase(Locale.ROOT),
                                at,
                                "",
                                "Content-Type",
                                "application/json");
                        assertThat(answer.body()).as(at).doesNotContain("ESC100", "ESC101");
                        required(document, operation)
                            .forEach(
                                member ->
                                    assertThat(json(answer).has(member)).as(at + member).isTrue());
                      }
                    }));
    assertThat(asked).hasSize(8);
  }

  private static List<String> required(JsonNode document, JsonNode operation) {
    JsonNode schema = operation.at("/responses/200/content/application~1json/schema");
    JsonNode resolved =
        schema.has("$ref") ? document.at(schema.path("$ref").asString().substring(1)) : schema;
    List<String> names = new ArrayList<>();
    resolved.path("required").forEach(name -> names.add(name.asString()));
    return names;
  }

  @Test
  void withoutALockOnlyThisMachineHasIt() {
    String open = "http: {host: 0.0.0.0, port: 0}\nadmin: {host: 127.0.0.1, port: 0}\nauth: none\n";
    try (RunningServer others = RunningServer.startAsWritten(open + YAML, database, Map.of())) {
      for (String path : List.of("/topics", "/topics/t", "/topics/t/dead-letters")) {
        HttpResponse<String> refused = others.get(path);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("ESC170");
      }
    }
  }
}
