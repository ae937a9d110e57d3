package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.StoppablePostgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads of several servers in one URL: of standbys, of one that is left, of the primary, of none.
 */
@Tag("integration")
class ReplicasTest {
  private static final Duration MAX_LAG = Duration.ofSeconds(1);
  private static final int ANSWERS = 30;
  private static final int CHANGES = 12;

  @TempDir private static Path directory;

  private static StoppablePostgres primary;
  private static StoppablePostgres one;
  private static StoppablePostgres other;

  @BeforeAll
  static void start() {
    primary = new StoppablePostgres(directory.resolve("primary"));
    one = primary.replica(directory.resolve("one"));
    other = primary.replica(directory.resolve("other"));
    for (String sql :
        List.of(
            "CREATE ROLE reader LOGIN PASSWORD 'secret'",
            "CREATE VIEW whereabouts AS SELECT inet_server_port() AS port",
            "CREATE TABLE counted (n bigint PRIMARY KEY)",
            "INSERT INTO counted VALUES (0)",
            "CREATE VIEW latest AS SELECT max(n) AS n FROM counted",
            "GRANT SELECT ON whereabouts, latest TO reader")) {
      primary.database().execute(sql);
    }
  }

  @AfterAll
  static void stop() {
    other.close();
    one.close();
    primary.close();
  }

  /** Reads these servers, where they are no further behind than this. */
  private static RunningServer server(Duration maxLag, StoppablePostgres... read) {
    String hosts =
        Stream.of(read)
            .map(server -> "localhost:" + server.database().url().port())
            .collect(Collectors.joining(","));
    return RunningServer.start(
        "databases: {db: {url: '${URL}', read-url: '${READ}', max-lag: %dms}}"
            .formatted(maxLag.toMillis()),
        primary.database(),
        Map.of("READ", "postgresql://reader:secret@" + hosts + "/postgres"));
  }

  @Test
  void whoIsBehindOrAwayIsLeftOut() {
    try (RunningServer server = server(Duration.ofSeconds(5), primary, one, other)) {
      awaitBoth(server);
      for (int i = 0; i < ANSWERS; i++) {
        assertThat(isRead(server, one) || isRead(server, other)).isTrue();
      }

      one.database().execute("SELECT pg_wal_replay_pause()");
      primary.database().execute("CREATE TABLE not_replayed ()");
      eventually("one is left out", () -> servers(server) == 1 && leftOut(server) == 1);
      for (int i = 0; i < ANSWERS; i++) {
        assertThat(isRead(server, other)).isTrue();
      }

      other.stop();
      eventually("the primary is read", () -> isRead(server, primary));
      assertThat(leftOut(server)).as("a primary that is spared is not left out").isEqualTo(2);
      assertThat(server.get("/health").statusCode()).isEqualTo(200);

      primary.stop();
      eventually("nothing is read that may be old", () -> isRefused(server));
      assertThat(server.get("/health").statusCode()).isEqualTo(503);

      primary.start();
      other.start();
      one.database().execute("SELECT pg_wal_replay_resume()");
      eventually("both are read again", () -> servers(server) == 2 && !isRead(server, primary));
      assertThat(leftOut(server)).isZero();
    }
  }

  @Test
  void aServerThatGoesCostsNoRead() throws InterruptedException {
    AtomicInteger answers = new AtomicInteger();
    try (RunningServer server = server(Duration.ZERO, one, other)) {
      awaitBoth(server);
      for (StoppablePostgres goes : List.of(one, other)) {
        AtomicReference<String> refused = new AtomicReference<>();
        AtomicBoolean ended = new AtomicBoolean();
        int before = answers.get();
        List<Thread> readers =
            Stream.of("/db/latest", "/db/whereabouts", "/db?q=SELECT%20*%20FROM%20latest")
                .map(
                    path ->
                        Thread.ofVirtual()
                            .start(() -> readOn(server, path, answers, refused, ended)))
                .toList();
        eventually("they read", () -> answers.get() > before + ANSWERS);
        goes.stop(StoppablePostgres.Stop.KILL);
        int after = answers.get();
        eventually("they read on", () -> answers.get() > after + ANSWERS);
        ended.set(true);
        for (Thread reader : readers) {
          reader.join();
        }
        assertThat(refused.get()).isNull();
        goes.start();
        awaitBoth(server);
      }
    }
  }

  @Test
  void aServerThatSaysNothingIsLeftOut() {
    try (RunningServer server = server(Duration.ZERO, one, other)) {
      awaitBoth(server);
      other.suspend();
      try {
        eventually("it is left out", () -> servers(server) == 1);
        for (int i = 0; i < ANSWERS; i++) {
          assertThat(isRead(server, one)).isTrue();
        }
      } finally {
        other.resume();
      }
      awaitBoth(server);
    }
  }

  private static void readOn(
      RunningServer server,
      String path,
      AtomicInteger answers,
      AtomicReference<String> refused,
      AtomicBoolean ended) {
    while (!ended.get()) {
      HttpResponse<String> answer = server.get(path);
      if (answer.statusCode() == 200) {
        answers.incrementAndGet();
      } else {
        refused.set(path + " " + answer.body());
      }
    }
  }

  /** What was committed longer ago than allowed, before a read was sent, is in its answer. */
  @Test
  void nothingIsReadThatIsOlderThanAllowed() throws Exception {
    NavigableMap<Long, Long> committed = new ConcurrentSkipListMap<>();
    AtomicInteger changes = new AtomicInteger();
    try (RunningServer server = server(MAX_LAG, one, other)) {
      awaitBoth(server);
      Thread writer = Thread.ofVirtual().start(() -> count(committed, changes));
      Thread stumbling = Thread.ofVirtual().start(() -> stumble(server, changes));
      int answers = 0;
      while (changes.get() < CHANGES) {
        long allowedNanos = System.nanoTime() - MAX_LAG.toNanos();
        Map.Entry<Long, Long> due = committed.floorEntry(allowedNanos);
        HttpResponse<String> answer = server.get("/db/latest");
        if (answer.statusCode() == 200) {
          answers++;
          assertThat(number(answer.body()))
              .isGreaterThanOrEqualTo(due == null ? 0 : due.getValue());
        } else {
          assertThat(answer.body()).contains("\"code\":\"ESC167\"");
        }
      }
      stumbling.join();
      writer.join();
      assertThat(answers).as("of which something can be said").isGreaterThan(ANSWERS);
    }
  }

  /** Commits one number after the other, and notes by the nanosecond when it was there. */
  private static void count(NavigableMap<Long, Long> committed, AtomicInteger changes) {
    try (Connection connection = primary.database().connect();
        PreparedStatement insert = connection.prepareStatement("INSERT INTO counted VALUES (?)")) {
      for (long n = 1; changes.get() < CHANGES; n++) {
        insert.setLong(1, n);
        insert.execute();
        committed.put(System.nanoTime(), n);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Pauses the replay of one standby or both, until that shows, and lets it go on. */
  private static void stumble(RunningServer server, AtomicInteger changes) {
    Random random = new Random(20_261_201);
    while (changes.get() < CHANGES) {
      List<StoppablePostgres> paused =
          List.of(List.of(one), List.of(other), List.of(one, other)).get(random.nextInt(3));
      paused.forEach(each -> each.database().execute("SELECT pg_wal_replay_pause()"));
      eventually("they are left out", () -> servers(server) == 2 - paused.size());
      paused.forEach(each -> each.database().execute("SELECT pg_wal_replay_resume()"));
      eventually("they are read again", () -> servers(server) == 2);
      changes.incrementAndGet();
    }
  }

  private static long number(String body) {
    return Long.parseLong(body.replaceAll("[^0-9]", ""));
  }

  private static void awaitBoth(RunningServer server) {
    eventually(
        "both standbys are read",
        () -> servers(server) == 2 && server.get("/db/latest").statusCode() == 200);
  }

  private static double servers(RunningServer server) {
    return server.metric("db_read_servers", "database=\"db\"");
  }

  private static double leftOut(RunningServer server) {
    return server.metric("db_read_servers_left_out", "database=\"db\"");
  }

  private static boolean isRead(RunningServer server, StoppablePostgres read) {
    return server
        .get("/db/whereabouts")
        .body()
        .equals("[{\"port\":%d}]".formatted(read.database().url().port()));
  }

  private static boolean isRefused(RunningServer server) {
    return server.get("/db/whereabouts").body().contains("\"code\":\"ESC167\"");
  }
}
