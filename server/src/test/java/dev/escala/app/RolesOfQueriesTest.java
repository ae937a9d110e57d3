package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Jwt;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published queries run as who asks, where the login itself may nothing. */
@Tag("integration")
class RolesOfQueriesTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final List<String> ROLES =
      List.of("queries_login", "queries_member", "queries_reader", "queries_bound");
  private static final Database DATABASE = PostgresServer.newDatabase();
  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() throws Exception {
    DATABASE.dropRoles(ROLES);
    DATABASE.execute(
        """
        CREATE ROLE queries_member; CREATE ROLE queries_reader; CREATE ROLE queries_bound;
        CREATE ROLE queries_login LOGIN PASSWORD 'secret' NOINHERIT;
        GRANT queries_member, queries_reader, queries_bound TO queries_login;
        CREATE SCHEMA api; CREATE SCHEMA other;
        CREATE TABLE api.notes (id int, owner text);
        CREATE TABLE other.kinds (kind text);
        INSERT INTO api.notes VALUES (1, 'ana'), (2, 'eva');
        INSERT INTO other.kinds VALUES ('a note');
        ALTER TABLE api.notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON api.notes
          USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
        GRANT USAGE ON SCHEMA api, other TO queries_member, queries_reader, queries_bound;
        GRANT SELECT ON api.notes, other.kinds TO queries_member, queries_bound;
        """);
    Files.writeString(
        folder.resolve("mine.sql"),
        "-- :least int = 0\nSELECT n.id, k.kind FROM notes n, kinds k WHERE n.id > :least");
    server =
        RunningServer.startAsWritten(
            """
            http:  {host: 127.0.0.1, port: 0}
            admin: {host: 127.0.0.1, port: 0}
            databases: {db: {url: "${URL}", read-url: "${READ}", schemas: [api, other], queries: "%s"}}
            topics: {"*": {table: "db.{topic}"}}
            auth: {jwt: {secret: '%s'}, roles: {queries_bound: {relations: [notes]}}}
            """
                .formatted(folder, SECRET),
            DATABASE,
            Map.of("READ", RunningServer.url(DATABASE, "queries_login", "secret")));
    eventually(
        "it is served",
        () -> server.get("/db/notes", as("queries_member", "ana")).statusCode() == 200);
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

  @Test
  void policiesHoldForThem() {
    assertThat(server.get("/db/rpc/mine", as("queries_member", "ana")).body())
        .isEqualTo("[{\"id\":1,\"kind\":\"a note\"}]");
    assertThat(server.get("/db/rpc/mine?least=1", as("queries_member", "eva")).body())
        .isEqualTo("[{\"id\":2,\"kind\":\"a note\"}]");
    assertThat(server.get("/db/rpc/mine?least=1", as("queries_member", "ana")).body())
        .isEqualTo("[]");
  }

  @Test
  void grantsAndRightsDecide() {
    assertThat(server.get("/db/rpc/mine", as("queries_reader", "ana")).body())
        .contains("42501", "permission denied");
    assertThat(server.get("/db/rpc/mine", as("queries_bound", "ana")).body())
        .contains("ESC140", "mine");
    assertThat(server.get("/db/rpc/mine").statusCode()).isEqualTo(401);
  }
}
