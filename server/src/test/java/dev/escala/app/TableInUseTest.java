package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A reader that stops in the middle of a large answer keeps its table from being changed. */
@Tag("integration")
class TableInUseTest {
  private static final String CONFIGURATION =
      """
      databases: {db: {url: "${URL}"}}
      topics:    {flights: {table: db.flights, key: $.id}}
      ingest:    {change-patience: 1s}
      """;

  private final Database database = PostgresServer.newDatabase();
  private final RunningServer server = RunningServer.start(CONFIGURATION, database, Map.of());

  @AfterEach
  void stop() {
    server.close();
  }

  /** More than sockets hold, so that its transaction stays open. */
  private RawConnection stalledReader() throws IOException {
    RawConnection reader = new RawConnection(server.address().getPort());
    reader.send("GET /db/flights HTTP/1.1\r\nHost: localhost\r\n\r\n");
    eventually(
        "it reads in a transaction",
        () ->
            database.count(
                    "SELECT count(*) FROM pg_locks WHERE relation = 'flights'::regclass"
                        + " AND mode = 'AccessShareLock' AND granted")
                > 0);
    return reader;
  }

  private String one(String fields) {
    HttpResponse<String> answer = server.post("/topics/flights", fields);
    return answer.statusCode() + " " + answer.body();
  }

  private String byKey(String id) {
    return server.get("/db/flights?select=id&id=eq." + id).body();
  }

  @Test
  void goodRowsAreStoredIntakeGoesOnAndReadsByKeyAreServed() throws IOException {
    assertThat(one("{\"id\":\"first\",\"text\":\"x\"}")).startsWith("200 ");
    database.execute(
        "INSERT INTO flights (id, text, _id, _event_time, _source)"
            + " SELECT 'f' || n, repeat('x', 1000), 'f' || n, now(), 'http'"
            + " FROM generate_series(1, 40000) n");
    eventually("the table is known", () -> byKey("f7").equals("[{\"id\":\"f7\"}]"));
    try (RawConnection reader = stalledReader()) {
      assertThat(one("{\"id\":\"a\"}\n{\"id\":\"b\",\"gate\":\"B7\"}\n{\"id\":\"c\"}"))
          .startsWith("503 ")
          .contains("\"code\":\"ESC004\"", "\"stored\":2", "\"returned\":[[1,1]]");
      for (int i = 0; i < 20; i++) {
        assertThat(one("{\"id\":\"good-" + i + "\"}")).startsWith("200 ");
        assertThat(byKey("good-" + i)).isEqualTo("[{\"id\":\"good-" + i + "\"}]");
      }
      assertThat(server.metric("ingest_table_change_waiting", "topic=\"flights\"")).isEqualTo(1);
      assertThat(server.metric("ingest_paused", "topic=\"flights\"")).isZero();
      assertThat(server.get("/health").body())
          .contains("\"table_change_waits_seconds\":", "\"paused\":false");
      assertThat(reader).isNotNull();
    }
    eventually(
        "the change is made once the reader is gone",
        () -> one("{\"id\":\"b\",\"gate\":\"B7\"}").startsWith("200 "));
    assertThat(database.rows("SELECT id, gate FROM flights WHERE gate IS NOT NULL"))
        .containsExactly("b|B7");
    assertThat(server.metric("ingest_table_change_waiting", "topic=\"flights\"")).isZero();
  }
}
