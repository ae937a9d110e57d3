package dev.escala.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.testing.RawConnection;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a request whose body is read, and then what reads it fails. */
@Tag("integration")
class BodyReaderTest {
  private final RecordingObserver observer = new RecordingObserver();
  private final Vertx vertx =
      AcceptingTransport.vertx(new VertxOptions(), ConnectionSettings.standard(), observer);

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static int endless(int depth) {
    return depth < 0 ? 0 : endless(depth + 1) + 1;
  }

  @Test
  void anOverflowOfTheStackIsAnsweredAndReported() throws IOException {
    BodyReader bodies =
        new BodyReader(new BodyReader.Limits(1000, 2500, Duration.ofSeconds(30)), observer);
    Router router =
        new Router()
            .on(
                "POST",
                "/overflow",
                exchange ->
                    bodies.read(
                        exchange, (same, body) -> same.json(200, "{}" + endless(body.length))));
    try (HttpListener listener =
            new HttpListener(vertx, observer, () -> router).start("127.0.0.1", 0, 1);
        RawConnection connection = new RawConnection(listener.port())) {
      connection.send("POST /overflow HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(connection.answer()).startsWith("500 ").contains("ESC000");
    }
    assertThat(observer.all(RequestFailed.class))
        .singleElement()
        .satisfies(failed -> assertThat(failed.failure()).isInstanceOf(StackOverflowError.class));
  }

  @Test
  void whoHasTheAnswerFindsTheRoomOfTheBodyBefore() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    BodyReader bodies =
        new BodyReader(new BodyReader.Limits(1000, 1000, Duration.ofSeconds(30)), observer);
    Router router =
        new Router()
            .on(
                "POST",
                "/first",
                exchange ->
                    bodies.read(
                        exchange,
                        (same, body) -> {
                          same.json(200, "{}");
                          await(end);
                        }))
            .on(
                "POST",
                "/second",
                exchange -> bodies.read(exchange, (same, body) -> same.json(200, "{}")));
    String rest = " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1000);
    try (HttpListener listener =
            new HttpListener(vertx, observer, () -> router).start("127.0.0.1", 0, 1);
        RawConnection connection = new RawConnection(listener.port())) {
      assertThat(connection.send("POST /first" + rest).answer()).isEqualTo("200 {}");
      assertThat(connection.send("POST /second" + rest).answer()).isEqualTo("200 {}");
      end.countDown();
    }
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
