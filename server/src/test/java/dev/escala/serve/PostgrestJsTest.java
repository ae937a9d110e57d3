package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escala.testing.NodePackages;
import dev.escala.testing.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The client that most of PostgREST's users have, each of its read methods. Needs Node.js, and the
 * package {@code @supabase/postgrest-js} in a folder of {@code NODE_PATH}.
 */
@Tag("integration")
class PostgrestJsTest {
  private static final String PACKAGE = "@supabase/postgrest-js";

  private static final Map<String, JsonNode> ANSWERS = new LinkedHashMap<>();
  private static PostgresServer.Database database;

  @BeforeAll
  static void call() throws IOException, InterruptedException, URISyntaxException {
    assumeThat(NodePackages.has(PACKAGE)).as("SKIPPED: NODE_PATH has no " + PACKAGE).isTrue();
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE carriers (code text PRIMARY KEY, name text);
        CREATE TABLE flights (
            id int PRIMARY KEY, carrier text REFERENCES carriers, name text, delay int, on_time boolean,
            tags text[], extra jsonb, during tsrange, notes text);
        INSERT INTO carriers VALUES ('IB', 'Iberia'), ('LH', 'Lufthansa');
        INSERT INTO flights VALUES
          (1, 'IB', 'Madrid', 5, false, '{late,night}', '{"gate":"A1"}', '[2000-01-01 12:00,2000-01-01 13:00)', 'delayed by fog'),
          (2, 'LH', 'a,b', 20, true, '{far}', '{"gate":"B2"}', '[2000-01-02 08:00,2000-01-02 09:00)', 'snow'),
          (3, 'IB', '(c)', NULL, NULL, '{}', NULL, NULL, NULL);
        CREATE FUNCTION add(a int, b int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a + b';
        CREATE FUNCTION late(above int) RETURNS SETOF flights STABLE LANGUAGE sql
          AS 'SELECT * FROM flights WHERE delay > above'\
        """);
    try (ServedDatabase served = ServedDatabase.start(ServedDatabase.settings(database.url()))) {
      run("http://localhost:" + served.port() + "/db");
    }
  }

  private static void run(String url) throws IOException, InterruptedException, URISyntaxException {
    Path script =
        Path.of(
            Objects.requireNonNull(PostgrestJsTest.class.getResource("postgrest-js.cjs")).toURI());
    Process node =
        new ProcessBuilder("node", script.toString(), url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
      lines
          .lines()
          .map(line -> JsonMapper.shared().readTree(line))
          .forEach(answer -> ANSWERS.put(answer.path("name").stringValue(), answer));
    }
    assertThat(node.waitFor()).isZero();
  }

  @AfterAll
  static void clear() {
    ANSWERS.clear();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          eq               | 1,3
          neq              | 2
          gt               | 2
          gte              | 1,2
          lt               | ``
          lte              | 1
          like             | 1
          likeAllOf        | 1
          likeAnyOf        | 1
          ilike            | 1
          isNull           | 3
          isTrue           | 2
          in               | 1,3
          inQuoted         | 2,3
          contains         | 1
          containsJson     | 1
          containsRange    | 1
          containedBy      | 1,2,3
          rangeGt          | 1,2
          rangeGte         | 2
          rangeLt          | 1,2
          rangeLte         | 1
          rangeAdjacent    | 1
          overlaps         | 1,2
          textSearch       | 1
          textSearchPlain  | 1
          textSearchWeb    | 1,2
          match            | 1
          not              | 2
          notIn            | 3
          or               | 2
          orAnd            | 1,3
          filter           | 1,3
          orderDescending  | 2,1,3
          limit            | 1
          range            | 2,3
          countPage        | 1,2
          rpcRows          | 2
          """)
  void filtersAndModifiers(String call, String ids) {
    JsonNode answer = answer(call);
    assertThat(answer.path("code").isNull()).as(answer.toString()).isTrue();
    assertThat(answer.path("data").toString().replaceAll("[^0-9,]", "")).isEqualTo(ids);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          columns       | [{"id":1,"carrier":"IB"}]
          jsonPath      | [{"id":1,"gate":"A1"}]
          alias         | [{"number":1,"gate":"A1"}]
          cast          | [{"id":"1"}]
          single        | {"id":1}
          maybeSingle   | null
          csv           | "id,name\\r\\n1,Madrid\\r\\n"
          embedded      | [{"id":1,"carriers":{"name":"Iberia"}}]
          embeddedMany  | [{"code":"IB","flights":[{"id":1},{"id":3}]}]
          embeddedLimit | [{"code":"IB","flights":[{"id":1}]}]
          embeddedFilter | [{"code":"LH","flights":[{"id":2}]}]
          embeddedOr    | [{"code":"IB","flights":[{"id":1}]},{"code":"LH","flights":[{"id":2}]}]
          spread        | [{"id":1,"airline":"Iberia"}]
          aggregate     | [{"carrier":"IB","sum":5},{"carrier":"LH","sum":20}]
          rpc           | 3
          rpcGet        | 3
          """)
  void results(String call, String data) {
    assertThat(answer(call).path("data").toString()).isEqualTo(data);
  }

  private static JsonNode answer(String call) {
    return Objects.requireNonNull(ANSWERS.get(call), call);
  }

  @Test
  void counts() {
    assertThat(answer("countExact").path("count").intValue()).isEqualTo(3);
    assertThat(answer("countPage").path("count").intValue()).isEqualTo(3);
    assertThat(answer("rpcCount").path("count").intValue()).isEqualTo(2);
  }

  @Test
  void errors() {
    assertThat(answer("singleOfMany").path("code").stringValue()).isEqualTo("PGRST116");
    assertThat(answer("unknownTable").path("code").stringValue()).isEqualTo("PGRST205");
    assertThat(answer("unknownColumn").path("code").stringValue()).isEqualTo("42703");
    assertThat(answer("select").path("data").path(0).size()).isEqualTo(9);
  }
}
