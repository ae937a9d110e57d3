package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.RequestRefused;
import dev.escala.serve.database.PoolSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More reads than the database does: here none, for somebody has locked the table. */
@Tag("integration")
class OverloadedReadsTest {
  private static final String FLOOD = "127.0.0.1";
  private static final String HONEST = "127.0.0.2";
  private static final int MANY = 300;
  private static final int MOST = 900;

  private final PostgresServer.Database database = PostgresServer.newDatabase();
  private final List<RawConnection> flood = new ArrayList<>();
  private ServedDatabase served;

  @BeforeEach
  void start() {
    database.execute("CREATE TABLE quick (id int PRIMARY KEY); INSERT INTO quick VALUES (1)");
    served = ServedDatabase.start(ServedDatabase.settings(database.url(), PoolSettings.DEFAULT));
  }

  @AfterEach
  void stop() throws IOException {
    for (RawConnection connection : flood) {
      connection.close();
    }
    served.close();
  }

  private RawConnection ask(String from, String query) throws IOException {
    return new RawConnection(served.port(), from)
        .send("GET /db/quick?%s HTTP/1.1\r\nHost: a\r\n\r\n".formatted(query));
  }

  private String answer(String from, String query) throws IOException {
    try (RawConnection connection = ask(from, query)) {
      return connection.answer();
    }
  }

  /** What waits ends after a while, so that more has to come. */
  private String floodAndAsk() throws IOException {
    for (int i = 0; i < MANY && flood.size() < MOST; i++) {
      flood.add(ask(FLOOD, "id=eq.1"));
    }
    String answer = answer(FLOOD, "id=nonsense");
    assertThat(answer).containsAnyOf("ESC005", "PGRST100");
    return answer;
  }

  @Test
  void whatWouldWaitTooLongIsRefusedBeforeItIsReadAndOthersAreServedOn() throws Exception {
    assertThat(answer(FLOOD, "id=nonsense")).startsWith("400 ");
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE quick");
      eventually("refused", () -> floodAndAsk().startsWith("503 "));
      assertThat(answer(HONEST, "id=nonsense")).startsWith("400 ");
      other.rollback();
    }
    eventually("as before", () -> answer(FLOOD, "id=eq.1").equals("200 [{\"id\":1}]"));
    assertThat(served.observer.all(RequestRefused.class)).isNotEmpty();
  }
}
