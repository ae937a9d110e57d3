package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Jwt;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who listens is told what who reads may read, as long as they may. */
@Tag("integration")
class TailRolesTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final List<String> ROLES =
      List.of("tail_login", "tail_member", "tail_stranger", "tail_writer", "tail_leaver");
  private static final Database DATABASE = PostgresServer.newDatabase();
  private static RunningServer server;

  @BeforeAll
  static void start() {
    DATABASE.dropRoles(ROLES);
    DATABASE.execute(
        """
        CREATE ROLE tail_member; CREATE ROLE tail_stranger; CREATE ROLE tail_writer;
        CREATE ROLE tail_leaver;
        CREATE ROLE tail_login LOGIN PASSWORD 'secret' NOINHERIT;
        GRANT tail_member, tail_stranger, tail_writer, tail_leaver TO tail_login;\
        """);
    server =
        RunningServer.start(
            """
            databases: {db: {url: "${URL}", read-url: "${READ}"}}
            topics: {notes: {table: db.notes, key: $.id, tail: true}}
            auth:
              jwt: {secret: '%s'}
              roles:
                tail_writer: {may: [publish]}
            """
                .formatted(SECRET),
            DATABASE,
            Map.of("READ", RunningServer.url(DATABASE, "tail_login", "secret")));
    publish("first", "user0");
    DATABASE.execute(
        """
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON notes TO tail_member, tail_leaver
          USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
        GRANT SELECT ON notes TO tail_login, tail_member, tail_leaver; NOTIFY escala\
        """);
    eventually(
        "the table is known",
        () -> server.get("/db/notes", as("tail_member", "user0")).statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    server.close();
    DATABASE.dropRoles(ROLES);
  }

  private static String[] as(String role, String user) {
    return shown("{\"role\":\"%s\",\"sub\":\"%s\"}".formatted(role, user));
  }

  private static String[] shown(String claims) {
    return new String[] {"Authorization", "Bearer " + Jwt.of(SECRET, claims)};
  }

  private static void publish(String id, String owner) {
    String note = "{\"id\": \"%s\", \"owner\": \"%s\"}".formatted(id, owner);
    assertThat(server.post("/topics/notes", note, as("tail_writer", "w")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aPolicyTellsEachUserItsOwnRows() {
    try (Listening seven =
            new Listening(server, "/db/notes?select=id", as("tail_member", "user7"));
        Listening eight =
            new Listening(server, "/db/notes?select=id", as("tail_member", "user8"))) {
      publish("of-7", "user7");
      publish("of-8", "user8");
      publish("of-nobody", "user9");
      publish("of-7-again", "user7");
      publish("of-8-again", "user8");
      eventually("both are told", () -> seven.data().size() == 2 && eight.data().size() == 2);
      assertThat(seven.data()).containsExactly("{\"id\":\"of-7\"}", "{\"id\":\"of-7-again\"}");
      assertThat(eight.data()).containsExactly("{\"id\":\"of-8\"}", "{\"id\":\"of-8-again\"}");
    }
  }

  @Test
  void whoMayNotReadMayNotListen() {
    Listening stranger = new Listening(server, "/db/notes", as("tail_stranger", "user7"));
    assertThat(stranger.status()).isEqualTo(403);
    assertThat(stranger.problem()).contains("\"code\":\"42501\"");
    Listening writer = new Listening(server, "/db/notes", as("tail_writer", "user7"));
    assertThat(writer.status()).isEqualTo(403);
    assertThat(writer.problem()).contains("\"code\":\"ESC140\"");
    Listening nobody = new Listening(server, "/db/notes");
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.header("WWW-Authenticate")).startsWith("Bearer");
  }

  /** The token is taken for half a minute longer than it says. */
  @Test
  void aStreamEndsWithItsToken() {
    long end = Instant.now().getEpochSecond() - 25;
    String[] token =
        shown("{\"role\":\"tail_member\",\"sub\":\"user1\",\"exp\":%d}".formatted(end));
    try (Listening listening = new Listening(server, "/db/notes?select=id", token)) {
      assertThat(listening.status()).isEqualTo(200);
      eventually("it ends", listening::isEnded);
      assertThat(new Listening(server, "/db/notes", token).status()).isEqualTo(401);
    }
  }

  @Test
  void aStreamEndsWhenItsRowsMayNotBeReadAnyMore() {
    try (Listening listening =
        new Listening(server, "/db/notes?select=id", as("tail_leaver", "user2"))) {
      DATABASE.execute("REVOKE SELECT ON notes FROM tail_leaver");
      publish("of-2", "user2");
      eventually("it ends", listening::isEnded);
      assertThat(listening.data()).isEmpty();
    }
  }
}
