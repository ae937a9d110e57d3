package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.testing.Jwt;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An agent may do what its token may do over HTTP, tool by tool. */
@Tag("integration")
class McpAccessTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final List<String> ROLES =
      List.of("agent_login", "agent_visitor", "agent_member", "agent_partner");
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}";
  private static RunningServer server;

  @BeforeAll
  static void start() {
    DATABASE.dropRoles(ROLES);
    DATABASE.execute(
        """
        CREATE ROLE agent_visitor; CREATE ROLE agent_member; CREATE ROLE agent_partner;
        CREATE ROLE agent_login LOGIN PASSWORD 'secret' NOINHERIT;
        GRANT agent_visitor, agent_member, agent_partner TO agent_login;
        CREATE TABLE news (id int PRIMARY KEY);
        INSERT INTO news VALUES (1);
        CREATE TABLE notes (id int PRIMARY KEY, owner text);
        INSERT INTO notes SELECT n, 'user' || n % 20 FROM generate_series(1, 3000) n;
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON notes
          USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
        CREATE VIEW request AS SELECT current_user::text AS role,
          current_setting('request.path', true) AS path,
          current_setting('request.headers', true)::json AS headers;
        GRANT SELECT ON news TO agent_visitor, agent_member, agent_partner;
        GRANT SELECT ON notes, request TO agent_member\
        """);
    server =
        RunningServer.start(
            """
            databases: {db: {url: "${URL}", read-url: "${READ}"}}
            topics: {t: {table: db.t}}
            auth:
              {jwt: {secret: '%s'},
               roles: {producer: {may: [publish]}, agent_partner: {may: [read], relations: [news]}}}
            """
                .formatted(SECRET),
            DATABASE,
            Map.of("READ", RunningServer.url(DATABASE, "agent_login", "secret")));
    eventually(
        "it is served",
        () -> server.get("/db/news", "Authorization", bearer("agent_member")).statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
    DATABASE.dropRoles(ROLES);
  }

  private static String bearer(String role) {
    return "Bearer " + Jwt.of(SECRET, "{\"role\":\"%s\",\"sub\":\"user7\"}".formatted(role));
  }

  private static McpSyncClient client(String role) {
    McpSyncClient client =
        McpClient.sync(
                HttpClientStreamableHttpTransport.builder(server.address().toString())
                    .endpoint("/db/mcp")
                    .requestBuilder(HttpRequest.newBuilder().header("Authorization", bearer(role)))
                    .build())
            .build();
    client.initialize();
    return client;
  }

  private static String call(String role, String tool, Map<String, Object> arguments) {
    try (McpSyncClient client = client(role)) {
      CallToolResult result =
          client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
      String text =
          result.content().stream()
              .map(content -> ((TextContent) content).text())
              .collect(Collectors.joining("\n"));
      return (Boolean.TRUE.equals(result.isError()) ? "error: " : "") + text;
    }
  }

  @Test
  void aPolicyShowsAnAgentItsOwnRows() {
    for (String read :
        List.of(
            call(
                "agent_member",
                "read_relation",
                Map.of("relation", "notes", "query", "limit=3000")),
            call("agent_member", "read_relation", Map.of("relation", "notes")),
            call("agent_member", "describe_relation", Map.of("relation", "notes")),
            call("agent_member", "query", Map.of("sql", "SELECT owner FROM notes")))) {
      assertThat(read).contains("user7").doesNotContainPattern("user(?!7\\b)");
    }
  }

  @Test
  void theDatabaseIsToldWhoAsksAndForWhat() {
    assertThat(call("agent_member", "read_relation", Map.of("relation", "request")))
        .contains("\"role\":\"agent_member\"", "\"path\":\"/request\"", "mcp-protocol-version")
        .doesNotContain("Bearer", "authorization");
  }

  @Test
  void whatARoleMayNotDoIsRefusedByEachTool() {
    assertThat(call("agent_visitor", "read_relation", Map.of("relation", "notes")))
        .startsWith("error: ")
        .contains("42501");
    assertThat(call("agent_visitor", "query", Map.of("sql", "SELECT * FROM notes")))
        .startsWith("error: ")
        .contains("42501");
    assertThat(call("agent_partner", "read_relation", Map.of("relation", "notes")))
        .startsWith("error: ")
        .contains("ESC140");
    assertThat(call("agent_partner", "describe_relation", Map.of("relation", "notes")))
        .startsWith("error: ")
        .contains("ESC140");
    assertThat(call("agent_partner", "query", Map.of("sql", "SELECT 1")))
        .startsWith("error: ")
        .contains("ESC140");
  }

  /** The catalog is what the login sees, as at the other paths; rows are the role's. */
  @Test
  void whatARoleMayNotReadIsDescribedWithoutASample() {
    assertThat(call("agent_visitor", "describe_relation", Map.of("relation", "notes")))
        .contains("\"name\":\"owner\"", "There is no sample", "42501")
        .doesNotContain("user7");
  }

  @Test
  void anAgentSeesOfTheDatabaseWhatItsTokenMayRead() {
    assertThat(call("agent_partner", "list_relations", Map.of()))
        .contains("news")
        .doesNotContain("notes");
    try (McpSyncClient partner = client("agent_partner")) {
      assertThat(partner.listTools().tools()).extracting(Tool::name).doesNotContain("query");
    }
    try (McpSyncClient member = client("agent_member")) {
      assertThat(member.listTools().tools()).extracting(Tool::name).contains("query");
    }
  }

  @ParameterizedTest
  @CsvSource({"agent_member,200", "agent_partner,200", "producer,403"})
  void onlyWhoMayLookIntoTheDatabaseIsAnswered(String role, int status) {
    String[] headers = {"Content-Type", "application/json", "Authorization", bearer(role)};
    assertThat(server.post("/db/mcp", PING, headers).statusCode()).isEqualTo(status);
  }

  @Test
  void whoShowsNothingIsToldHow() {
    var answer = server.post("/db/mcp", PING, "Content-Type", "application/json");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThatThrownBy(
            () -> {
              try (McpSyncClient nobody =
                  McpClient.sync(
                          HttpClientStreamableHttpTransport.builder(server.address().toString())
                              .endpoint("/db/mcp")
                              .build())
                      .build()) {
                nobody.initialize();
              }
            })
        .isInstanceOf(RuntimeException.class);
  }
}
