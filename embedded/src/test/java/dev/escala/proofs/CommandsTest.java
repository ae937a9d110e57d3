package dev.escala.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shell sees of commands that cannot do their work. */
@Tag("integration")
class CommandsTest {
  private static final String UNREACHABLE =
      """
      http:  {host: localhost, port: 0}
      admin: {host: localhost, port: 0}
      databases:
        db: {url: "postgresql://user:secret@localhost:1/db"}
      topics:
        events: {table: db.events}
      """;

  @TempDir Path directory;

  /** Runs to the end; no failure that is foreseen shows a stack trace or a password. */
  private static Ended run(String... arguments) throws IOException, InterruptedException {
    Ended ended = Ended.run(ServerProcess.command(arguments));
    assertThat(ended.output()).doesNotContain("\tat ", "Exception", "secret");
    return ended;
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("escala.yaml"), yaml);
  }

  private void assertBothRefuse(String yaml, String... words)
      throws IOException, InterruptedException {
    String file = file(yaml).toString();
    Ended check = run("check", file);
    assertThat(check.exitCode()).isEqualTo(2);
    assertThat(check.output()).contains(file).contains(words);
    assertThat(run("serve", "--config", file)).isEqualTo(check);
  }

  @Test
  void yamlThatIsNoneIsShownWithItsPlace() throws IOException, InterruptedException {
    assertBothRefuse(
        "http: {port: [8080\n", "has 1 error", "line 1, column", "expected ',' or ']'");
  }

  @Test
  void allErrorsComeAtOnceWithTheNearestKnownKey() throws IOException, InterruptedException {
    assertBothRefuse(
        UNREACHABLE.replace("http:", "htpp:").replace("db.events", "bd.events"),
        "has 2 errors",
        "htpp: is not a known key; did you mean http?",
        "topics.events.table: names the database bd, which is not configured; there are: db");
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws IOException, InterruptedException {
    String missing = directory.resolve("missing.yaml").toString();
    assertThat(run("serve", "--config", missing))
        .isEqualTo(new Ended(2, "There is no file " + missing + "\n"));
  }

  @Test
  void aRoleThatThereIsNotIsAnsweredWithThoseThatThereAre()
      throws IOException, InterruptedException {
    Ended result = run("serve", "--role", "reader");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("--role", "reader", "ALL, INGEST, API", "Usage:");
  }

  @Test
  void aPortInUseIsNamed() throws IOException, InterruptedException {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = busy.getLocalPort();
      String yaml = UNREACHABLE.replaceFirst("port: 0", "port: " + port);
      Ended result = run("serve", "--config", file(yaml).toString());
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.output())
          .contains("The server cannot start as all: cannot listen on localhost:" + port)
          .contains("Free the port, or configure another");
    }
  }

  @Test
  void checkAsksADatabaseThatDoesNotAnswer() throws IOException, InterruptedException {
    String file = file(UNREACHABLE).toString();
    assertThat(run("check", file).exitCode()).isZero();
    Ended live = run("check", "--live", file);
    assertThat(live.exitCode()).isEqualTo(1);
    assertThat(live.output())
        .contains("FAIL  database db", "localhost:1 refused")
        .doesNotContain("DEBUG", "\tat ");
  }

  @Test
  void serveWaitsForADatabaseThatDoesNotAnswer() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(file(UNREACHABLE))) {
      assertThat(server.get("/ping").statusCode()).isEqualTo(200);
      assertThat(server.get("/health").statusCode()).isEqualTo(503);
      assertThat(server.get("/db/events").statusCode()).isEqualTo(503);
      assertThat(server.post("/topics/events", "{}").statusCode()).isEqualTo(503);
      assertThat(server.log()).doesNotContain("\tat ", "secret");
    }
  }
}
