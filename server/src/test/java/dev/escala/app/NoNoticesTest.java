package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.DatabaseUrl;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An engine that knows neither NOTIFY nor LISTEN: what is told by them is found by looking. */
@Tag("integration")
class NoNoticesTest {
  private static final String TOPICS =
      """
      databases: {db: {url: "${URL}"}}
      topics: {events: {table: db.events, key: $.id, canary: off}}
      """;

  @Test
  void tablesAreMadeChangedAndRead() throws Exception {
    Database database = PostgresServer.newDatabase();
    try (Unknowing engine = new Unknowing(database);
        RunningServer server = RunningServer.start(TOPICS, engine.database(), Map.of())) {
      publish(server, "{\"id\": \"a\"}");
      publish(server, "{\"id\": \"b\", \"n\": 1}");
      eventually(
          "they are read",
          () -> server.get("/db/events?id=eq.b&select=n").body().equals("[{\"n\":1}]"));
    }
    assertThat(database.rows("SELECT id, n FROM events ORDER BY 1")).containsExactly("a|", "b|1");
  }

  private static void publish(RunningServer server, String message) {
    assertThat(server.post("/topics/events", message).statusCode()).isEqualTo(200);
  }

  /** A server in front of PostgreSQL, which misspells the two words. */
  private static final class Unknowing implements AutoCloseable {
    private final Database behind;
    private final ServerSocket listening;

    Unknowing(Database behind) throws IOException {
      this.behind = behind;
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::serve);
    }

    Database database() {
      DatabaseUrl url = behind.url();
      return new Database(
          new DatabaseUrl(
              "127.0.0.1",
              listening.getLocalPort(),
              url.database(),
              url.user(),
              url.password(),
              url.parameters()));
    }

    private void serve() {
      try {
        while (true) {
          Socket client = listening.accept();
          DatabaseUrl.Server server = behind.url().servers().getFirst();
          Socket engine = new Socket(server.host(), server.port());
          Thread.ofVirtual().start(() -> forward(client, engine, true));
          Thread.ofVirtual().start(() -> forward(engine, client, false));
        }
      } catch (IOException closed) {
        // the test has ended
      }
    }

    private static void forward(Socket from, Socket to, boolean misspelt) {
      try (from;
          to) {
        InputStream input = from.getInputStream();
        OutputStream output = to.getOutputStream();
        byte[] bytes = new byte[1 << 16];
        for (int read = input.read(bytes); read >= 0; read = input.read(bytes)) {
          output.write(misspelt ? misspelt(bytes, read) : bytes, 0, read);
          output.flush();
        }
      } catch (IOException closed) {
        // the other side has ended
      }
    }

    private static byte[] misspelt(byte[] bytes, int length) {
      return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
          .replace("NOTIFY escala", "NOTIFX escala")
          .replace("LISTEN escala", "LISTEX escala")
          .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }
}
