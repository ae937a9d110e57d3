package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is told is what is stored, each row once: by several writers of two instances that store
 * much of the same, to listeners of both that are cut at any point.
 */
@Tag("integration")
class TailsOnceTest {
  private static final int WRITERS = 6;
  private static final int LISTENERS = 6;
  private static final int BATCHES = 40;
  private static final int KEYS = 6_000;

  /** Fewer than a batch may have, so that positions in the middle of one are come back to. */
  private static final int BATCH = 150;

  private final Database database = PostgresServer.newDatabase();
  private final List<RunningServer> servers = List.of(start(), start());
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean written = new AtomicBoolean();

  private RunningServer start() {
    return RunningServer.start(
        """
        databases: {db: {url: "${URL}", writers: 3, pools: {percent-per-client: 100}}}
        topics: {events: {table: db.events, key: $.id, tail: true}}
        """,
        database,
        Map.of());
  }

  @AfterEach
  void stop() {
    clients.shutdownNow();
    servers.forEach(RunningServer::close);
  }

  private RunningServer server(int number) {
    return servers.get(number % servers.size());
  }

  private void publish(RunningServer server, String rows) {
    assertThat(server.post("/topics/events", rows).statusCode()).isEqualTo(200);
  }

  private void write(int writer) {
    Random random = new Random(writer);
    for (int batch = 0; batch < BATCHES; batch++) {
      publish(
          server(writer),
          IntStream.range(0, 1 + random.nextInt(BATCH))
              .mapToObj(i -> random.nextInt(KEYS))
              .map(
                  key ->
                      "{\"id\": \"%d\", \"n\": %s}".formatted(key, key % 50 == 7 ? "\"x\"" : "1"))
              .collect(Collectors.joining("\n")));
    }
  }

  /** Listens until all is told, cut again and again; gives all that was told. */
  private List<String> listen(int listener, String from) {
    Random random = new Random(listener);
    List<String> told = new ArrayList<>();
    String position = from;
    while (true) {
      boolean last = written.get();
      try (Listening part =
          new Listening(
              server(random.nextInt(2)), "/db/events?select=id", "Last-Event-ID", position)) {
        assertThat(part.status()).isEqualTo(200);
        int most = 1 + random.nextInt(400);
        long missing = last ? stored() - told.size() : most;
        eventually(
            () -> "%d of %d are told".formatted(told.size() + part.data().size(), stored()),
            () -> part.data().size() >= Math.min(most, missing) || (!last && written.get()));
        part.cut();
        told.addAll(part.data());
        // Cut before it was told a position it keeps the one that it had, as an EventSource does.
        position = part.lastId().isEmpty() ? position : part.lastId();
      }
      if (last && told.size() >= stored()) {
        return told;
      }
    }
  }

  private long stored() {
    return database.count("SELECT count(*) FROM events");
  }

  @Test
  void eachRowIsToldOnceToEach() throws Exception {
    publish(servers.getFirst(), "{\"id\": \"before\", \"n\": 1}");
    servers.forEach(
        server -> eventually("it is known", () -> server.get("/db/events").statusCode() == 200));
    String from;
    try (Listening first = new Listening(servers.getFirst(), "/db/events")) {
      eventually("it has a position", () -> !first.lastId().isEmpty());
      from = first.lastId();
    }
    database.execute("DELETE FROM events");
    List<Future<List<String>>> listeners =
        IntStream.range(0, LISTENERS)
            .mapToObj(listener -> clients.submit(() -> listen(listener, from)))
            .toList();
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      writers.add(clients.submit(() -> write(writer)));
    }
    AtomicBoolean stop = new AtomicBoolean();
    Future<?> others = clients.submit(() -> otherTransactions(stop));
    for (Future<?> writer : writers) {
      writer.get();
    }
    written.set(true);
    List<String> all =
        database.rows("SELECT id FROM events").stream().map("{\"id\":\"%s\"}"::formatted).toList();
    assertThat(all).hasSizeGreaterThan(KEYS / 4);
    for (Future<List<String>> listener : listeners) {
      assertThat(listener.get()).containsExactlyInAnyOrderElementsOf(all);
    }
    stop.set(true);
    others.get();
  }

  /** They hold what a snapshot shows back, and roll back what they noted. */
  private void otherTransactions(AtomicBoolean stop) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop.get()) {
        statement.execute(
            """
            INSERT INTO escala.tail (relation, amount, keys)
            SELECT 'events'::regclass, 1, ARRAY[min(_id)] FROM events;
            SELECT pg_sleep(0.003)\
            """);
        connection.rollback();
      }
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }
}
