package dev.escala.proofs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.RawConnection;
import dev.escala.testing.RawHttp2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One machine with a few connections does its worst to a server with the memory of a small task,
 * and somebody else is served meanwhile.
 */
class HostileClientsTest extends Proof {
  private static final String HONEST = "127.0.0.2";
  private static final int TASK_MIB = 1_024;

  /** Half of what such a task has. */
  private static final String HEAP = "-Xmx128m";

  private static final int HALF_REQUESTS = 3_000;
  private static final int UNREAD_STREAMS = 26;
  private static final int UNREAD_CONNECTIONS = 65;

  /** Of eight rows that make an answer as large as one may be. */
  private static final String LARGE = "/db?q=SELECT%20*%20FROM%20wide";

  private final List<AutoCloseable> hostile = new ArrayList<>();
  private ServerProcess server;
  private int port;

  @BeforeEach
  void start() throws IOException {
    database.execute(
        """
        DROP TABLE IF EXISTS wide;
        CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 32000) AS text FROM generate_series(1, 8) n;
        DROP TABLE IF EXISTS quick;
        CREATE TABLE quick AS SELECT n FROM generate_series(1, 1000) n;
        ALTER TABLE quick ADD PRIMARY KEY (n);
        DO $$ BEGIN CREATE ROLE reads LOGIN PASSWORD 'reads';
        EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        GRANT SELECT ON wide, quick TO reads\
        """);
    Path configuration = Files.createTempFile(directory, "hostile", ".yaml");
    Files.writeString(
        configuration,
        """
        http:  {host: localhost, port: 0}
        admin: {host: localhost, port: 0}
        log:   {format: json}
        databases:
          db: {url: "%s", read-url: "%s"}
        topics:
          events: {table: db.events, key: $.n}
        """
            .formatted(database.url(), database.url().replace("postgres:postgres", "reads:reads")));
    ProcessBuilder serve = ServerProcess.command("serve", "--config", configuration.toString());
    serve.command().replaceAll(option -> option.startsWith("-Xmx") ? HEAP : option);
    server = ServerProcess.start(serve, Files.createTempFile(directory, "hostile", ".log"));
    port = server.url("/").getPort();
    eventually("it serves", () -> server.get("/db/quick?n=eq.1").statusCode() == 200);
    // Until the first connection for SQL is there, who waits too long is told that there is none.
    eventually("it answers SQL", () -> server.get("/db?q=SELECT%201").statusCode() == 200);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : hostile) {
      each.close();
    }
    server.close();
    database.execute("DROP TABLE wide, quick");
  }

  private RawConnection connect(String from) throws IOException {
    RawConnection connection = new RawConnection(port, from);
    hostile.add(connection);
    return connection;
  }

  private static String request(String pathAndQuery) {
    return "GET %s HTTP/1.1\r\nHost: a\r\n\r\n".formatted(pathAndQuery);
  }

  private void assertOthersAreServed() throws Exception {
    for (int n = 1; n <= 50; n++) {
      assertThat(connect(HONEST).send(request("/db/quick?n=eq." + n)).answer())
          .isEqualTo("200 [{\"n\":%d}]".formatted(n));
    }
    String body = "{\"n\":1}";
    String post =
        "POST /topics/events HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    assertThat(connect(HONEST).send(post).answer()).startsWith("200 ");
    assertThat(connect(HONEST).send(request("/ping")).answer()).startsWith("200 ");
    assertThat(server.rssMib()).as("MiB that the task has").isLessThan(TASK_MIB);
    assertThat(server.log()).doesNotContain("OutOfMemoryError", "\"level\":\"error\"");
  }

  @Test
  void answersThatNobodyReads() throws Exception {
    RawHttp2 closedWindow = new RawHttp2(port, 0);
    hostile.add(closedWindow);
    for (int i = 0; i < UNREAD_STREAMS; i++) {
      closedWindow.get(LARGE);
    }
    for (int i = 0; i < UNREAD_CONNECTIONS; i++) {
      connect("127.0.0.1").send(request(LARGE));
    }
    assertOthersAreServed();
    eventually(
        "others read large answers",
        () -> connect(HONEST).send(request(LARGE)).answer().startsWith("200 [{"));
    assertOthersAreServed();
  }

  /** All are made at once, and none can be given away: what is made counts before it is whole. */
  @Test
  void answersThatAreMadeAtOnce() throws Exception {
    for (int round = 0; round < 4; round++) {
      RawHttp2 closedWindow = new RawHttp2(port, 0);
      hostile.add(closedWindow);
      for (int i = 0; i < UNREAD_STREAMS; i++) {
        closedWindow.get(LARGE);
      }
    }
    assertOthersAreServed();
  }

  @Test
  void requestsThatNeverEnd() throws Exception {
    String half = "GET /ping?" + "a".repeat(30_000) + " HTTP/1.1\r\nX: " + "a".repeat(15_000);
    for (int i = 0; i < HALF_REQUESTS; i++) {
      connect("127.0.0.1").send(half);
    }
    assertOthersAreServed();
  }
}
