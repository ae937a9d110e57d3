package dev.escala.serve;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.RequestFailed;
import dev.escala.observe.Observation.RequestRefused;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that ask for much and then read nothing hold all streams: what others get meanwhile. */
@Tag("integration")
class StalledReadersTest {
  private static final int STALLED = 40;

  private final PostgresServer.Database database = PostgresServer.newDatabase();
  private final List<RawConnection> stalled = new ArrayList<>();
  private ServedDatabase served;

  @BeforeEach
  void start() throws IOException {
    database.execute(
        """
        CREATE TABLE big (id int PRIMARY KEY, filler text);
        INSERT INTO big SELECT i, repeat('x', 500) FROM generate_series(1, 100000) i\
        """);
    served = ServedDatabase.start(ServedDatabase.settings(database.url()));
    for (int i = 0; i < STALLED; i++) {
      stalled.add(
          new RawConnection(served.port()).send("GET /db/big HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }
    eventually("streams wait for their readers", () -> transactions() >= 8);
  }

  @AfterEach
  void stop() throws IOException {
    leave();
    served.close();
  }

  private void leave() throws IOException {
    for (RawConnection reader : stalled) {
      reader.close();
    }
  }

  private long transactions() {
    return database.count(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'escala' AND datname = current_database()
          AND state <> 'idle' AND query LIKE '%big%' AND pid <> pg_backend_pid()\
        """);
  }

  @Test
  void theNextReaderIsToldThatNoStreamIsFreeAndItIsNoFailureOfOurs() {
    HttpResponse<String> refused = served.get("/db/big");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("\"code\":\"ESC005\"");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(served.observer.all(RequestRefused.class))
        .isNotEmpty()
        .allMatch(request -> request.route().equals("/{database}/{relation}"));
    assertThat(answered(served, "/{database}/{relation}")).as("counted with a status").isEmpty();
    assertThat(served.observer.all(RequestFailed.class)).isEmpty();
  }

  @Test
  void aReadByKeyIsAnsweredMeanwhile() {
    HttpResponse<String> read = served.get("/db/big?id=eq.7&select=id");
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.body()).isEqualTo("[{\"id\":7}]");
    assertThat(transactions()).as("streams still held").isGreaterThanOrEqualTo(8);
  }

  @Test
  void oneThatStallsTooLongIsCutOffAndItIsNoFailureOfOurs() throws IOException {
    DatabaseSettings settings =
        ServedDatabase.settings(
            database.url(), ServedDatabase.POOLS.stalled(Duration.ofMillis(200)));
    try (ServedDatabase impatient = ServedDatabase.start(settings);
        RawConnection reader = new RawConnection(impatient.port())) {
      leave();
      eventually("the others have left", () -> transactions() == 0);
      reader.send("GET /db/big HTTP/1.1\r\nHost: localhost\r\n\r\n");
      eventually("it is read for", () -> transactions() == 1);
      eventually("its transaction has ended", () -> transactions() == 0);
      assertThat(answered(impatient, "/{database}/{relation}")).hasSize(1);
      assertThat(reader.everything()).contains("200 OK").doesNotEndWith("0\r\n\r\n");
      assertThat(impatient.observer.all(RequestFailed.class)).isEmpty();
    }
  }

  /** At some 600 KB/s the 50 MB would take longer than anybody waits here, and it never stalls. */
  @Test
  void oneThatIsSlowMakesWayForWhoWaits() throws Exception {
    leave();
    DatabaseSettings settings =
        ServedDatabase.settings(
            database.url(),
            ServedDatabase.POOLS.streams(1).stalled(Duration.ofSeconds(12)).slowest(10 << 20));
    try (ServedDatabase narrow = ServedDatabase.start(settings);
        RawConnection slow = new RawConnection(narrow.port())) {
      slow.send("GET /db/big HTTP/1.1\r\nHost: localhost\r\n\r\n");
      AtomicBoolean hurries = new AtomicBoolean();
      CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> pieces(slow, hurries));
      eventually("it is read for", () -> transactions() == 1);
      eventually(
          "who waits is read for", () -> narrow.get("/db/big?id=lte.2000").statusCode() == 200);
      hurries.set(true);
      assertThat(read.join()).as("of some 1,600").isLessThan(1_500);
      assertThat(narrow.observer.all(RequestFailed.class)).isEmpty();
    }
  }

  /** Takes 32 KiB after 32 KiB, and not fast unless it hurries; how many there were. */
  private static long pieces(RawConnection connection, AtomicBoolean hurries) {
    long pieces = 0;
    try {
      while (connection.take(32 << 10)) {
        pieces++;
        if (!hurries.get()) {
          Thread.sleep(50); // its slowness is what is tested: no condition to wait for
        }
      }
      return pieces;
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static Stream<RequestServed> answered(ServedDatabase served, String route) {
    return served.observer.all(RequestServed.class).stream()
        .filter(request -> request.route().equals(route));
  }

  @Test
  void whenTheyLeaveAStreamIsFreeAgain() throws IOException {
    leave();
    eventually("a stream is answered", () -> served.get("/db/big?id=lte.2000").statusCode() == 200);
    eventually("no transaction is left", () -> transactions() == 0);
    assertThat(served.observer.all(RequestFailed.class)).isEmpty();
  }
}
