package dev.escala.http.connection;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.Exchange;
import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.http.connection.ConnectionSettings.Limit;
import dev.escala.observe.Observation.ConnectionCut;
import dev.escala.observe.Observation.RequestRefused;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.testing.RawConnection;
import dev.escala.testing.RawHttp2;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that ask for much and take nothing, or never end what they begin, beside one that does.
 */
@Tag("integration")
class HostileConnectionsTest {
  private static final String HONEST = "127.0.0.2";
  private static final String PING = "GET /ping HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String LATER = "GET /later HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String LARGE = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String HALF = "GET /ping HTTP/1.1\r\nX: " + "a".repeat(8_000);
  private static final int LARGE_BYTES = 8 << 20;
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final RecordingObserver observer = new RecordingObserver();
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
  private int port;

  private void start(ConnectionSettings settings) {
    Vertx vertx = AcceptingTransport.vertx(new VertxOptions(), settings, observer);
    byte[] large = new byte[LARGE_BYTES];
    Router router =
        new Router()
            .on("GET", "/ping", exchange -> exchange.json(200, "{}"))
            .on("GET", "/later", HostileConnectionsTest::later)
            .on("GET", "/large", exchange -> exchange.answer(200, "text/plain", large));
    HttpListener listener =
        new HttpListener(vertx, observer, () -> router).start("127.0.0.1", 0, 2);
    port = listener.port();
    opened.add(() -> vertx.close().await());
    opened.add(listener);
  }

  /** From another thread, so that the answer is written at once and not behind what is read. */
  private static void later(Exchange exchange) {
    Thread.ofVirtual().start(() -> exchange.json(200, "{}"));
  }

  private static ConnectionSettings settings() {
    return ConnectionSettings.standard().within(LONG, LONG);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private RawConnection connect() throws IOException {
    return connect("127.0.0.1");
  }

  private RawConnection connect(String from) throws IOException {
    RawConnection connection = new RawConnection(port, from);
    opened.add(connection);
    return connection;
  }

  private long cut(CutReason reason) {
    return observer.all(ConnectionCut.class).stream()
        .filter(cut -> cut.reason().equals(reason.label()))
        .count();
  }

  private void assertOthersAreServed() throws IOException {
    assertThat(connect(HONEST).send(PING).answer()).isEqualTo("200 {}");
  }

  @Test
  void aClientGetsNoMoreConnectionsThanItsShareAndOthersGetTheirs() throws IOException {
    start(settings().with(Resource.CONNECTIONS, Limit.of(20)));
    for (int i = 0; i < 10; i++) {
      assertThat(connect().send(PING).answer()).isEqualTo("200 {}");
    }
    for (int i = 0; i < 5; i++) {
      assertThat(connect().send(PING).isClosedByServer()).isTrue();
    }
    assertThat(cut(CutReason.CONNECTIONS)).isEqualTo(5);
    assertOthersAreServed();
  }

  @Test
  void aConnectionThatEndsMakesRoomForTheNext() throws IOException {
    start(settings().with(Resource.CONNECTIONS, new Limit(1, 1)));
    for (int i = 0; i < 20; i++) {
      eventually(
          "there is room again",
          () -> {
            try (RawConnection connection = new RawConnection(port)) {
              return connection.send(PING).answer().equals("200 {}");
            } catch (IOException refused) {
              return false;
            }
          });
    }
  }

  @Test
  void whatIsTakenAtOnceIsGivenBack() throws IOException {
    start(settings().with(Resource.SMALL_ANSWERS, new Limit(100, 100)));
    RawConnection connection = connect();
    for (int i = 0; i < 200; i++) {
      assertThat(connection.send(LATER).answer()).isEqualTo("200 {}");
    }
  }

  @Test
  void halfRequestsTakeNoMoreThanTheirShare() throws IOException {
    start(settings().with(Resource.HEADS, Limit.of(100_000)));
    for (int i = 0; i < 30; i++) {
      connect().send(HALF);
    }
    // Of 50,000 bytes that one client may keep, six halves have room.
    eventually("others are cut", () -> cut(CutReason.HALF_REQUEST) >= 24);
    assertOthersAreServed();
    RawConnection youngest = connect().send(HALF);
    eventually("an older one is cut", () -> cut(CutReason.HALF_REQUEST) >= 25);
    assertThat(youngest.send("\r\n\r\n").answer()).isEqualTo("200 {}");
  }

  @Test
  void halfRequestsOfManyThreadsTakeNoMoreThanTheirShare() throws Exception {
    start(settings().with(Resource.HEADS, Limit.of(100_000)));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 400; i++) {
        var _ = threads.submit(() -> connect().send(HALF));
      }
    }
    eventually("others are cut", () -> cut(CutReason.HALF_REQUEST) >= 394);
    assertThat(cut(CutReason.HALF_REQUEST)).as("each is cut once").isLessThan(400);
    assertOthersAreServed();
  }

  @Test
  void halfHeadersOfHttp2CountAsWell() throws IOException {
    start(settings().with(Resource.HEADS, Limit.of(100_000)));
    for (int i = 0; i < 30; i++) {
      RawHttp2 half = new RawHttp2(port, 65_535);
      opened.add(half);
      half.beginHeaders(8_000);
    }
    eventually("others are cut", () -> cut(CutReason.HALF_REQUEST) >= 24);
    assertOthersAreServed();
  }

  @Test
  void aHeadThatDoesNotComeInTimeIsCutAndAnIdleConnectionIsNot() throws IOException {
    start(settings().within(SHORT, LONG));
    RawConnection silent = connect();
    RawConnection idle = connect();
    assertThat(idle.send(PING).answer()).isEqualTo("200 {}");
    assertThat(connect().send("GET /ping HT").isClosedByServer()).isTrue();
    assertThat(connect().send(PING + "GET /ping HT").everything()).endsWith("{}");
    assertThat(cut(CutReason.SLOW_REQUEST)).isEqualTo(2);
    assertThat(silent.send(PING).answer()).isEqualTo("200 {}");
    assertThat(idle.send(PING).answer()).isEqualTo("200 {}");
  }

  @Test
  void answersThatNobodyReadsTakeNoMoreThanTheShareOfTheirClient() throws IOException {
    start(settings().with(Resource.ANSWERS, Limit.of(4 * LARGE_BYTES)));
    for (int i = 0; i < 20; i++) {
      connect().send(LARGE);
    }
    eventually("two are held", () -> observer.all(RequestRefused.class).size() == 18);
    assertOthersAreServed();
    assertThat(connect(HONEST).send(LARGE).answer()).startsWith("200 ").hasSize(4 + LARGE_BYTES);
    String refused = connect().send(LARGE).answer();
    assertThat(refused).startsWith("503 ").contains("ESC005");
  }

  @Test
  void whoTakesNothingMakesRoomForWhoDoes() throws IOException {
    start(
        settings()
            .within(LONG, SHORT)
            .with(Resource.ANSWERS, new Limit(4L * LARGE_BYTES, 4L * LARGE_BYTES)));
    for (int i = 0; i < 5; i++) {
      connect().send(LARGE);
    }
    eventually("there is no room", () -> !observer.all(RequestRefused.class).isEmpty());
    eventually("there is room", () -> connect(HONEST).send(LARGE).answer().startsWith("200 "));
    assertThat(cut(CutReason.UNREAD_ANSWER)).isPositive();
  }

  @Test
  void overHttp2WithAClosedWindowItIsTheSame() throws IOException {
    start(settings().with(Resource.ANSWERS, Limit.of(4 * LARGE_BYTES)));
    RawHttp2 closed = new RawHttp2(port, 0);
    opened.add(closed);
    for (int i = 0; i < 60; i++) {
      closed.get("/large");
    }
    eventually("two are held", () -> observer.all(RequestRefused.class).size() == 58);
    assertOthersAreServed();
    closed.close();
    eventually(
        "what it held is given back", () -> connect().send(LARGE).answer().startsWith("200 "));
  }

  @Test
  void aConnectionOfHttp2HasOnlySoManyRequestsAtOnce() throws IOException {
    start(settings());
    RawHttp2 closed = new RawHttp2(port, 0);
    opened.add(closed);
    for (int i = 0; i < 101; i++) {
      closed.get("/ping");
    }
    int resetStream = 0x3;
    assertThat(closed.await(resetStream)).isZero();
    assertThat(observer.all(RequestServed.class)).hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void whoSendsRequestAfterRequestAndReadsNothingIsNotReadAnyMore() throws Exception {
    start(settings());
    RawConnection greedy = connect();
    int sent = 200_000; // whose answers no buffer of the kernel holds
    Thread sending = Thread.ofVirtual().start(() -> send(greedy, sent));
    int[] before = {-1};
    eventually(
        Duration.ofMinutes(2),
        () -> served() + " are answered",
        () -> before[0] == (before[0] = served()) && served() > 0);
    assertThat(served()).isLessThan(sent);
    assertOthersAreServed();
    greedy.close();
    sending.join();
  }

  private int served() {
    return observer.all(RequestServed.class).size();
  }

  private static void send(RawConnection connection, int requests) {
    try {
      for (int i = 0; i < requests; i++) {
        connection.send(PING);
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
