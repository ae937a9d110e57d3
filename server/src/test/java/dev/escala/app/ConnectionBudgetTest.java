package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server under load has the connections that docs/scale.md adds up, and no more. */
@Tag("integration")
class ConnectionBudgetTest {
  private static final Pattern SUM =
      Pattern.compile(
          "(\\d+) \\+ (\\d+) \\+ (\\d+) for reads \\(`pools`\\) \\+ (\\d+) for the probe"
              + " \\+ (\\d+) for the catalog"
              + " \\+ (\\d+) for writes \\(`writers`\\) \\+ (\\d+) that changes tables"
              + " \\+ (\\d+) for the canary = (\\d+)");

  /** More than connections with pipelines of their kind hold, however few each loop has. */
  private static final int KEY_READERS = 150;

  private static final int OTHERS = 16;

  private final Database database = PostgresServer.newDatabase();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final List<RawConnection> stalled = new ArrayList<>();

  @BeforeEach
  void prepare() {
    database.execute(
        """
        CREATE TABLE big (id int PRIMARY KEY, filler text);
        INSERT INTO big SELECT i, repeat('x', 500) FROM generate_series(1, 100000) i;
        DROP ROLE IF EXISTS budget_reader;
        CREATE ROLE budget_reader LOGIN PASSWORD 'secret'; GRANT SELECT ON big TO budget_reader\
        """);
  }

  /** Before the server stops, which would wait for those that stall. */
  private void leave() throws IOException {
    stop.set(true);
    for (RawConnection reader : stalled) {
      reader.close();
    }
  }

  @AfterEach
  void stop() throws IOException {
    leave();
    clients.close();
    database.execute("DROP OWNED BY budget_reader; DROP ROLE budget_reader");
  }

  private RunningServer start(String pools) {
    return RunningServer.start(
        """
        databases:
          db: {url: "${URL}", read-url: "${READ}"%s}
        topics:
          greetings: {table: db.greetings}
        """
            .formatted(pools),
        database,
        Map.of("READ", RunningServer.url(database, "budget_reader", "secret")));
  }

  private long connections(String application) {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'
          AND application_name ~ '^%s$'\
        """
            .formatted(application));
  }

  private void load(RunningServer server) throws IOException {
    eventually("it serves", () -> server.get("/db/big?id=eq.1").statusCode() == 200);
    AtomicInteger n = new AtomicInteger();
    for (int i = 0; i < KEY_READERS; i++) {
      // Two keys: reads of one are asked together, and need fewer connections than there are.
      repeat(() -> server.get("/db/big?id=in.(1,%d)".formatted(n.incrementAndGet())));
    }
    for (int i = 0; i < OTHERS; i++) {
      repeat(() -> server.get("/db?q=SELECT%20count(*)%20FROM%20big%20WHERE%20id%3C1000"));
      repeat(() -> server.post("/topics/greetings", "{\"n\":" + n.incrementAndGet() + "}"));
      stalled.add(
          new RawConnection(server.address().getPort())
              .send("GET /db/big HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }
  }

  private void repeat(Runnable request) {
    var _ =
        clients.submit(
            () -> {
              while (!stop.get()) {
                request.run();
              }
            });
  }

  private void expect(int reads, int all, int looks) {
    eventually("all connections for reads are used", () -> connections("escala") == reads);
    for (int i = 0; i < looks; i++) {
      assertThat(connections("escala")).as("for reads").isLessThanOrEqualTo(reads);
      assertThat(connections("escala.*")).as("all").isLessThanOrEqualTo(all);
    }
  }

  @Test
  void theDefaultsAreWhatTheDocumentSays() throws IOException {
    MatchResult sum =
        SUM.matcher(Files.readString(Path.of("../docs/scale.md")))
            .results()
            .findFirst()
            .orElseThrow();
    int[] parts = new int[9];
    for (int i = 0; i < 9; i++) {
      parts[i] = Integer.parseInt(sum.group(i + 1));
    }
    int reads = parts[0] + parts[1] + parts[2] + parts[3] + parts[4];
    assertThat(reads + parts[5] + parts[6] + parts[7]).as("the sum").isEqualTo(parts[8]);

    try (RunningServer server = start(", pools: {percent-per-client: 100}")) {
      load(server);
      expect(reads, parts[8], 10);
      leave();
    }
  }

  @Test
  void fewerThanEventLoopsAreShared() throws IOException {
    try (RunningServer server =
        start(", pools: {pipelined: 1, streams: 1, sql: 1, percent-per-client: 100}")) {
      load(server);
      expect(1 + 1 + 1 + 1 + 1, 9, 10);
      leave();
    }
  }
}
