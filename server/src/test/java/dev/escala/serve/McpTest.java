package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.config.Section;
import dev.escala.observe.Observation;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.testing.PostgresServer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tools for agents, called by the client of the official SDK. */
@Tag("integration")
class McpTest {
  @TempDir private static Path folder;
  private static PostgresServer.Database database;
  private static ServedDatabase served;
  private static McpSyncClient client;
  private static InitializeResult hello;

  @BeforeAll
  static void start() throws Exception {
    database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE airports (iata text PRIMARY KEY, city text);
        COMMENT ON TABLE airports IS 'Where aeroplanes start and land';
        INSERT INTO airports VALUES ('MAD', 'Madrid'), ('BOG', 'Bogotá');
        CREATE TABLE flights (id int PRIMARY KEY, origin text REFERENCES airports,
          target text REFERENCES airports, delay int, note text);
        COMMENT ON COLUMN flights.delay IS 'Minutes; negative where it was early';
        INSERT INTO flights SELECT n, 'MAD', 'BOG', n % 60, NULL FROM generate_series(1, 300) n;
        CREATE VIEW long_texts AS SELECT id, repeat('x', 10000) AS text FROM flights;
        CREATE VIEW wide_texts AS SELECT id, repeat('x', 100000) AS text FROM flights;
        CREATE VIEW failing AS SELECT id, 1 / (250 - id) AS ratio, repeat('x', 100) AS text FROM flights;
        ANALYZE;
        CREATE ROLE mcp_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO mcp_reader;
        CREATE TABLE secrets (id int)\
        """);
    Files.writeString(
        folder.resolve("delays.sql"),
        """
        -- Delays by origin
        -- :least integer       Fewest minutes that count
        -- :origins text[] = {MAD}
        SELECT id, origin, delay FROM flights WHERE delay >= :least AND origin = ANY (:origins)
        ORDER BY id
        """);
    served = ServedDatabase.start(settings("sql: {max-rows: 1000}"));
    client = client(served);
    hello = client.initialize();
  }

  private static DatabaseSettings settings(String more) throws ConfigurationException {
    String yaml =
        """
        url: "%s"
        read-url: "%s"
        queries: %s
        pools: {percent-per-client: 100}
        %s
        """
            .formatted(
                database.url(),
                ServedDatabase.login(database.url(), "mcp_reader"),
                folder.getFileName(),
                more);
    return ConfigurationFile.read(
        folder.resolveSibling("escala.yaml").toString(),
        yaml,
        variable -> null,
        (Section section) -> DatabaseSettings.read("db", section));
  }

  private static McpSyncClient client(ServedDatabase of) {
    return McpClient.sync(
            HttpClientStreamableHttpTransport.builder("http://localhost:" + of.port())
                .endpoint("/db/mcp")
                .build())
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    served.close();
    database.execute("DROP OWNED BY mcp_reader; DROP ROLE mcp_reader");
  }

  @AfterEach
  void nothingFailedOnOurSide() {
    assertThat(served.observer.all(Observation.RequestFailed.class)).isEmpty();
  }

  private static CallToolResult call(String tool, Map<String, Object> arguments) {
    return client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
  }

  private static String text(CallToolResult result) {
    return result.content().stream()
        .map(content -> ((TextContent) content).text())
        .collect(Collectors.joining("\n"));
  }

  private static String good(String tool, Map<String, Object> arguments) {
    CallToolResult result = call(tool, arguments);
    assertThat(result.isError()).as(text(result)).isFalse();
    return text(result);
  }

  private static String bad(String tool, Map<String, Object> arguments) {
    CallToolResult result = call(tool, arguments);
    assertThat(result.isError()).as(text(result)).isTrue();
    return text(result);
  }

  @Test
  void itSaysWhatItIsFor() {
    assertThat(hello.serverInfo().name()).isEqualTo("escala");
    assertThat(hello.instructions()).contains("the PostgreSQL database db", "list_relations");
    assertThat(hello.capabilities().tools()).isNotNull();
  }

  @Test
  void allToolsOnlyRead() {
    List<Tool> tools = client.listTools().tools();
    assertThat(tools)
        .extracting(Tool::name)
        .containsExactly(
            "list_relations", "describe_relation", "read_relation", "query", "run_delays");
    assertThat(tools)
        .allSatisfy(
            tool -> {
              assertThat(tool.annotations().readOnlyHint()).isTrue();
              assertThat(tool.description()).isNotBlank().doesNotContain("%");
              assertThat(tool.inputSchema()).containsEntry("type", "object");
            });
  }

  @Test
  void aPublishedQueryIsAToolWithTypedArguments() {
    Tool delays =
        client.listTools().tools().stream()
            .filter(tool -> tool.name().equals("run_delays"))
            .findFirst()
            .orElseThrow();
    assertThat(delays.description()).contains("Delays by origin");
    assertThat(delays.inputSchema().get("required")).isEqualTo(List.of("least"));
    assertThat(delays.inputSchema().get("properties"))
        .asString()
        .contains("Fewest minutes that count", "type=integer", "type=array");
    assertThat(good("run_delays", Map.of("least", 59, "limit", 2)))
        .contains("{\"id\":59,\"origin\":\"MAD\",\"delay\":59}")
        .contains("ask again with offset=2");
    assertThat(good("run_delays", Map.of("least", 59, "offset", 4)))
        .isEqualTo("[{\"id\":299,\"origin\":\"MAD\",\"delay\":59}]");
    assertThat(good("run_delays", Map.of("least", 59, "origins", List.of("BOG")))).isEqualTo("[]");
    assertThat(bad("run_delays", Map.of())).contains("PGRST202", "least");
    assertThat(bad("run_delays", Map.of("least", "many"))).contains("22P02");
    assertThat(bad("run_delays", Map.of("last", 1)))
        .contains("ESC112", "Perhaps you meant 'least'");
  }

  @Test
  void relationsAreListed() {
    assertThat(good("list_relations", Map.of()))
        .contains("\"name\":\"airports\"", "Where aeroplanes start and land", "\"kind\":\"view\"")
        .doesNotContain("secrets");
    assertThat(good("list_relations", Map.of("contains", "AEROPLANES")))
        .contains("airports")
        .doesNotContain("flights");
  }

  @Test
  void aRelationIsDescribedWithASample() {
    assertThat(good("describe_relation", Map.of("relation", "flights")))
        .contains("\"approximate_rows\":300")
        .contains("Minutes; negative where it was early")
        .contains("\"primary_key\":[\"id\"]")
        .contains("\"embed\":\"select=*,airports!flights_origin_fkey(*)\"")
        .contains("{\"id\":5,\"origin\":\"MAD\"")
        .doesNotContain("{\"id\":6,");
    assertThat(bad("describe_relation", Map.of("relation", "fligths")))
        .contains("PGRST205", "Perhaps you meant the table 'public.flights'");
    assertThat(bad("describe_relation", Map.of())).contains("ESC112", "'relation' is missing");
    assertThat(bad("describe_relation", Map.of("relation", "flights", "schema", "none")))
        .contains("PGRST106", "public");
  }

  @Test
  void withoutASampleARelationIsDescribedToo() {
    assertThat(good("describe_relation", Map.of("relation", "wide_texts")))
        .contains("\"name\":\"text\"", "There is no sample", "ESC149");
  }

  @Test
  void embeddingWorksAsItIsDescribed() {
    assertThat(
            good(
                "read_relation",
                Map.of(
                    "relation",
                    "flights",
                    "query",
                    "select=id,airports!flights_origin_fkey(city)&id=eq.1")))
        .isEqualTo("[{\"id\":1,\"airports\":{\"city\":\"Madrid\"}}]");
  }

  @Test
  void rowsAreReadByTheDialect() {
    assertThat(good("read_relation", Map.of("relation", "flights", "query", "select=id&order=id")))
        .contains("{\"id\":20}", "These are 20 rows", "offset=20")
        .doesNotContain("{\"id\":21}");
    assertThat(
            good(
                "read_relation",
                Map.of("relation", "airports", "query", "?select=city&city=eq.Bogotá")))
        .isEqualTo("[{\"city\":\"Bogotá\"}]");
    assertThat(
            good(
                "read_relation",
                Map.of("relation", "flights", "query", "select=origin,count()&limit=5")))
        .isEqualTo("[{\"origin\":\"MAD\",\"count\":300}]");
    assertThat(
            good("read_relation", Map.of("relation", "flights", "query", "select=id&limit=3000")))
        .contains("{\"id\":300}");
    assertThat(bad("read_relation", Map.of("relation", "flights", "query", "dalay=eq.1")))
        .contains("42703", "Perhaps you meant");
    assertThat(bad("read_relation", Map.of("relation", "flights", "query", "delay=is")))
        .contains("PGRST100");
    assertThat(bad("read_relation", Map.of("relation", "flights", "query", "delay=eq.%")))
        .contains("PGRST100");
    assertThat(bad("read_relation", Map.of("relation", "secrets"))).contains("PGRST205");
  }

  @Test
  void whatIsTooLongIsNotAnswered() {
    assertThat(bad("read_relation", Map.of("relation", "long_texts", "query", "limit=300")))
        .contains("ESC149", "fewer columns");
    assertThat(good("read_relation", Map.of("relation", "long_texts", "query", "limit=1")))
        .contains("xxx");
    String longQuery = "id=eq.1&or=(" + "id.eq.1,".repeat(5_000) + "id.eq.2)";
    assertThat(bad("read_relation", Map.of("relation", "flights", "query", longQuery)))
        .contains("ESC105");
  }

  /** Nobody saw the rows before, so that the error is told and not the connection broken off. */
  @Test
  void aReadThatFailsInTheMiddleSaysWhy() {
    assertThat(bad("read_relation", Map.of("relation", "failing", "query", "limit=5000")))
        .contains("22012", "division by zero")
        .doesNotContain("xxx");
  }

  @Test
  void sqlIsRunByItsRules() {
    assertThat(
            good(
                "query",
                Map.of(
                    "sql",
                    "SELECT count(*) AS n FROM flights WHERE delay > :least AND origin = :from",
                    "parameters",
                    Map.of("least", 30, "from", "MAD"))))
        .isEqualTo("[{\"n\":145}]");
    assertThat(good("query", Map.of("sql", "SELECT id FROM flights ORDER BY id")))
        .contains("{\"id\":100}", "Escala-Truncated: rows", "up to 1000")
        .doesNotContain("{\"id\":101}");
    assertThat(good("query", Map.of("sql", "SELECT id FROM flights ORDER BY id", "limit", 300)))
        .contains("{\"id\":300}")
        .doesNotContain("Escala-Truncated");
    assertThat(good("query", Map.of("sql", "SELECT * FROM long_texts")))
        .contains("Escala-Truncated: bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DELETE FROM flights|ESC120",
        "SELECT 1; SELECT 2|ESC120",
        "SELECT pg_read_file('/etc/passwd')|ESC120",
        "SELECT set_config('a.b', 'c', false)|ESC120",
        "SELECT * FROM secrets|42501",
        "SELECT * FROM fligths|42P01",
        "SELECT count(*) FROM flights a, flights b, flights c, flights d, flights e|ESC121",
        "SELECT :n|ESC123",
        "SELECT 1 / 0|22012",
        "SELECT ' unclosed|ESC120"
      })
  void hostileSqlIsRefused(String sql, String code) {
    assertThat(bad("query", Map.of("sql", sql))).contains("\"code\":\"" + code + "\"");
  }

  @Test
  void reservedAndNestedParametersAreRefused() {
    assertThat(bad("query", Map.of("sql", "SELECT :q", "parameters", Map.of("q", "SELECT 2"))))
        .contains("ESC112", "another name");
    assertThat(bad("query", Map.of("sql", "SELECT :a", "parameters", Map.of("a", List.of(1)))))
        .contains("ESC112", "no single value");
    assertThat(bad("query", Map.of("sql", "SELECT 1", "limit", 0))).contains("ESC112");
    assertThat(bad("query", Map.of("sql", 1))).contains("ESC112", "quotes");
  }

  @Test
  void thereAreNoOtherTools() {
    assertThatThrownBy(() -> call("drop_database", Map.of())).isInstanceOf(McpError.class);
  }

  @Test
  void whereItIsSwitchedOffThePathIsThatOfARelation() throws ConfigurationException {
    try (ServedDatabase without = ServedDatabase.start(settings("mcp: false"))) {
      assertThat(without.get("/db/mcp").body()).contains("PGRST205");
      assertThat(without.send("POST", "/db/mcp").body()).contains("PGRST117");
      assertThat(without.send("OPTIONS", "/db/mcp").statusCode()).isEqualTo(404);
      assertThat(without.send("DELETE", "/db/mcp").body()).contains("PGRST117");
    }
  }

  @Test
  void withoutSqlThereIsNoToolForIt() throws ConfigurationException {
    try (ServedDatabase without = ServedDatabase.start(settings("sql: {enabled: false}"));
        McpSyncClient asking = client(without)) {
      asking.initialize();
      assertThat(asking.listTools().tools()).extracting(Tool::name).doesNotContain("query");
      assertThat(
              text(
                  asking.callTool(
                      CallToolRequest.builder("query")
                          .arguments(Map.of("sql", "SELECT 1"))
                          .build())))
          .contains("ESC122");
    }
  }
}
