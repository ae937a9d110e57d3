package dev.escala.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.model.RequestTrace;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.testing.RawConnection;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class HttpListenerTest {
  private static final int MAX_BODY = 1000;
  private static final Vertx VERTX =
      AcceptingTransport.vertx(
          new VertxOptions(), ConnectionSettings.standard(), observation -> {});

  private final RecordingObserver observer = new RecordingObserver();
  private HttpListener listener = listen(Duration.ofSeconds(30), Duration.ofSeconds(30));

  private HttpListener listen(Duration maxIdle, Duration maxBodyTime) {
    BodyReader bodies =
        new BodyReader(new BodyReader.Limits(MAX_BODY, 2500, maxBodyTime), observer);
    Router router =
        new Router()
            .on("GET", "/ping", exchange -> exchange.json(200, "{}"))
            .on("GET", "/sql/q={*rest}", exchange -> exchange.json(200, "\"rest\""))
            .on("GET", "/sql/{one}", exchange -> exchange.json(200, "\"one\""))
            .on(
                "GET",
                "/broken",
                exchange -> {
                  throw new IllegalStateException("secret");
                })
            .on("POST", "/echo", exchange -> bodies.read(exchange, HttpListenerTest::echo))
            .on(
                "POST",
                "/fail",
                exchange ->
                    bodies.read(
                        exchange,
                        (same, body) -> {
                          throw new IllegalStateException("secret");
                        }));
    return new HttpListener(
            VERTX, observer, () -> router, new HttpListener.Limits(2000, 3000, maxIdle))
        .start("127.0.0.1", 0, 1);
  }

  private static void echo(Exchange exchange, byte[] body) {
    exchange.json(
        200, Thread.currentThread().isVirtual() + new String(body, StandardCharsets.UTF_8));
  }

  private RawConnection connect() throws IOException {
    return new RawConnection(listener.port());
  }

  private void relisten(Duration maxIdle, Duration maxBodyTime) {
    listener.close();
    listener = listen(maxIdle, maxBodyTime);
  }

  @AfterEach
  void close() {
    listener.close();
  }

  @AfterAll
  static void closeVertx() {
    VERTX.close().await();
  }

  @Test
  void aPortInUseIsNamed() {
    HttpListener second = new HttpListener(VERTX, observer, Router::new);
    assertThatThrownBy(() -> second.start("127.0.0.1", listener.port(), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + listener.port());
  }

  @Test
  void whatIsNoHttpIsAnsweredAndClosed() throws IOException {
    for (String nonsense :
        new String[] {
          "hello\r\n\r\n", "GET /ping HTTP/1.1\r\nno header\r\n\r\n", "\0\1\2\r\n\r\n"
        }) {
      try (RawConnection connection = connect()) {
        assertThat(connection.send(nonsense).answer()).startsWith("400 ").contains("ESC104");
        assertThat(connection.isClosedByServer()).isTrue();
      }
    }
  }

  @Test
  void aPathThatIsTooLongAndHeadersThatAreTooLargeAreTold() throws IOException {
    try (RawConnection connection = connect()) {
      assertThat(connection.send("GET /" + "a".repeat(2001) + " HTTP/1.1\r\n\r\n").answer())
          .startsWith("414 ")
          .contains("ESC105");
    }
    try (RawConnection connection = connect()) {
      String header = "X-Large: " + "a".repeat(3001);
      assertThat(connection.send("GET /ping HTTP/1.1\r\n" + header + "\r\n\r\n").answer())
          .startsWith("431 ")
          .contains("ESC106");
    }
  }

  @Test
  void aPathThatIsNoUtf8IsRefused() throws IOException {
    try (RawConnection connection = connect()) {
      assertThat(connection.send("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n").answer())
          .startsWith("400 ")
          .contains("ESC104");
    }
  }

  @Test
  void theRestOfAPathMayHaveSlashes() throws IOException {
    try (RawConnection connection = connect()) {
      assertThat(get(connection, "/sql/q=a/b//c/")).isEqualTo("200 \"rest\"");
      assertThat(get(connection, "/sql/q=")).isEqualTo("200 \"rest\"");
      assertThat(get(connection, "/sql/q")).isEqualTo("200 \"one\"");
      assertThat(get(connection, "/sql/other/q=")).contains("ESC100");
      assertThat(get(connection, "/sql")).contains("ESC100");
    }
  }

  private static String get(RawConnection connection, String path) throws IOException {
    return connection.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").answer();
  }

  @Test
  void unknownPathsAndMethodsAreTold() throws IOException {
    try (RawConnection connection = connect()) {
      assertThat(connection.send("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").answer())
          .startsWith("404 ")
          .contains("ESC100");
      assertThat(connection.send("BREW /ping HTTP/1.1\r\nHost: a\r\n\r\n").answer())
          .startsWith("405 ")
          .contains("ESC101");
    }
    eventually(
        "both are observed, the strange method without its name",
        () ->
            observer.all(RequestServed.class).stream()
                .map(served -> served.method() + " " + served.status())
                .toList()
                .equals(java.util.List.of("GET 404", "other 405")));
  }

  @Test
  void aFailureOfOursSaysNothingAboutItself() throws IOException {
    try (RawConnection connection = connect()) {
      assertThat(connection.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n").answer())
          .startsWith("500 ")
          .contains("ESC000")
          .doesNotContain("secret");
      assertThat(connection.send(post("/fail", "x")).answer())
          .startsWith("500 ")
          .doesNotContain("secret");
    }
    assertThat(observer.all(RequestFailed.class)).hasSize(2);
  }

  @Test
  void aRequestIsFoundAgainByTheIdOfItsClientOrByOneThatItIsTold() throws IOException {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    assertThat(
            said(
                "GET /broken HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine-1\r\n"
                    + "traceparent: 00-%s-00f067aa0ba902b7-01\r\n".formatted(trace)))
        .contains("500 ")
        .containsIgnoringCase("\r\nX-Request-Id: mine-1\r\n");
    assertThat(said("GET /ping HTTP/1.1\r\nHost: a\r\n"))
        .containsPattern("(?i)\r\nX-Request-Id: [0-9a-f]{32}\r\n");
    RequestTrace failed = observer.all(RequestFailed.class).getFirst().trace();
    assertThat(failed.requestId()).isEqualTo("mine-1");
    assertThat(failed.traceId()).hasValue(trace);
  }

  /** All of the answer, and of its head. */
  private String said(String head) throws IOException {
    try (RawConnection connection = connect()) {
      return connection.send(head + "Connection: close\r\n\r\n").everything();
    }
  }

  private static String post(String path, String body) {
    return "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, body.length(), body);
  }

  @Test
  void bodiesAreReadOffTheEventLoopAlsoInChunksAndUpToTheLimit() throws IOException {
    String largest = "x".repeat(MAX_BODY);
    try (RawConnection connection = connect()) {
      assertThat(connection.send(post("/echo", "hello")).answer()).isEqualTo("200 truehello");
      assertThat(connection.send(post("/echo", "")).answer()).isEqualTo("200 true");
      assertThat(connection.send(post("/echo", largest)).answer()).isEqualTo("200 true" + largest);
      String chunked =
          "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
      assertThat(connection.send(chunked).answer()).isEqualTo("200 trueabcde");
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedBeforeItIsSentAndWhileItIsSent() throws IOException {
    try (RawConnection connection = connect()) {
      String head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n";
      assertThat(connection.send(head).answer()).startsWith("413 ").contains("ESC110");
    }
    try (RawConnection connection = connect()) {
      String chunk = "1f4\r\n" + "x".repeat(500) + "\r\n";
      String head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
      assertThat(connection.send(head + chunk + chunk + chunk).answer())
          .startsWith("413 ")
          .contains("ESC110");
      connection.send((chunk + chunk).repeat(10));
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aClientMayAskBeforeItSends() throws IOException {
    try (RawConnection connection = connect()) {
      String head = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
      assertThat(connection.send(head + "5\r\n\r\n").answer()).startsWith("100 ");
      assertThat(connection.send("hello").answer()).isEqualTo("200 truehello");
      assertThat(connection.send(head + "5000\r\n\r\n").answer()).startsWith("413 ");
    }
    try (RawConnection connection = connect()) {
      String head =
          "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n";
      assertThat(connection.send(head).answer()).startsWith("100 ");
      connection.send("5dc\r\n" + "x".repeat(1500) + "\r\n0\r\n\r\n");
      assertThat(connection.answer()).startsWith("413 ");
      assertThat(connection.send(post("/echo", "again")).answer()).isEqualTo("200 trueagain");
    }
  }

  @Test
  void aSlowBodyIsGivenUp() throws IOException {
    relisten(Duration.ofSeconds(30), Duration.ofMillis(100));
    try (RawConnection connection = connect()) {
      String head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc";
      assertThat(connection.send(head).answer()).startsWith("408 ").contains("ESC114");
      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void whoIsAnsweredBeforeItHasSentAllIsToldThatTheConnectionEnds() throws IOException {
    try (RawConnection connection = connect()) {
      connection.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\nabc");
      assertThat(connection.everything())
          .startsWith("HTTP/1.1 413 ")
          .containsIgnoringCase("\r\nConnection: close\r\n");
    }
    try (RawConnection connection = connect()) {
      String chunked =
          "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3e9\r\n"
              + "x".repeat(1001)
              + "\r\n0\r\n\r\n";
      assertThat(connection.send(chunked).answer()).startsWith("413 ");
      assertThat(connection.send(post("/echo", "again")).answer()).isEqualTo("200 trueagain");
    }
  }

  @Test
  void bodiesThatAreOnTheirWayShareALimit() throws IOException {
    String almost =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(999);
    try (RawConnection first = connect();
        RawConnection ofTheSame = connect();
        RawConnection second = new RawConnection(listener.port(), "127.0.0.2");
        RawConnection third = new RawConnection(listener.port(), "127.0.0.3")) {
      first.send(almost);
      assertThat(ofTheSame.send(almost).answer()).as("half of all").startsWith("503 ");
      second.send(almost);
      assertThat(third.send(almost).answer()).startsWith("503 ").contains("ESC113");

      assertThat(first.send("x").answer()).startsWith("200 ");
      assertThat(second.send("x").answer()).startsWith("200 ");
    }
    try (RawConnection fourth = connect()) {
      assertThat(fourth.send(almost + "x").answer()).startsWith("200 ");
    }
  }

  @Test
  void aClientThatGoesAwayLeavesNothingBehind() throws IOException {
    String almost =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(999);
    for (int i = 0; i < 5; i++) {
      try (RawConnection connection = connect()) {
        connection.send(almost);
      }
    }
    eventually(
        "there is room again",
        () -> {
          try (RawConnection connection = connect()) {
            return connection.send(almost + "x").answer().startsWith("200 ");
          }
        });
  }

  @Test
  void whoSaysNothingIsDisconnected() throws IOException {
    relisten(Duration.ofMillis(100), Duration.ofSeconds(30));
    try (RawConnection connection = connect()) {
      assertThat(connection.send("GET /ping HTTP").isClosedByServer()).isTrue();
    }
  }
}
