package dev.escala.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.escala.observe.HealthProbe.Report;
import dev.escala.observe.HealthProbe.Status;
import dev.escala.observe.Observation.ApiLost;
import dev.escala.observe.Observation.ApiProbed;
import dev.escala.observe.Observation.ApiRegained;
import dev.escala.testing.RecordingObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiProbeTest {
  /** Nanoseconds; it stands still but where an answer takes its time. */
  private final AtomicLong clock = new AtomicLong();

  private final RecordingObserver observer = new RecordingObserver();
  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final ApiProbe probe =
      new ApiProbe(
          new PublicApi(
              URI.create("http://localhost:" + server.getAddress().getPort()),
              Duration.ofSeconds(30)),
          ApiProbe::ping,
          observer,
          () -> clock.get());
  private volatile int status = 200;
  private volatile boolean silent;
  private volatile Duration takes = Duration.ZERO;

  ApiProbeTest() throws IOException {
    server.createContext(
        "/ping",
        exchange -> {
          clock.addAndGet(takes.toNanos());
          if (!silent) {
            exchange.sendResponseHeaders(status, -1);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Report report() {
    return probe.check().toCompletableFuture().join();
  }

  @Test
  void isUnknownBeforeTheFirstLook() {
    assertThat(report().status()).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void isAsGoodAsTheAnswerIsFast() {
    takes = Duration.ofMillis(200);
    probe.look();
    assertThat(report().status()).isEqualTo(Status.OK);
    assertThat(report().details()).containsKeys("latency_ms", "seconds_ago", "url");
    takes = Duration.ofMillis(201);
    probe.look();
    assertThat(report().status()).isEqualTo(Status.WARN);
    takes = Duration.ofMillis(501);
    probe.look();
    assertThat(report().status()).isEqualTo(Status.CRITICAL);
    assertThat(observer.all(ApiProbed.class)).hasSize(3).allMatch(ApiProbed::answered);
    assertThat(observer.all(ApiLost.class)).isEmpty();
  }

  @Test
  void anErrorIsNoAnswer() {
    status = 500;
    probe.look();
    assertThat(report().status()).isEqualTo(Status.CRITICAL);
    assertThat(report().details()).containsEntry("error", "no answer");
    assertThat(observer.all(ApiLost.class))
        .singleElement()
        .matches(e -> e.detail().contains("500"));
  }

  @Test
  void silenceIsToldOnceAndSoIsItsEnd() {
    silent = true;
    probe.look();
    status = 503;
    silent = false;
    probe.look();
    assertThat(observer.all(ApiLost.class)).hasSize(1);
    status = 204;
    probe.look();
    probe.look();
    assertThat(observer.all(ApiRegained.class)).hasSize(1);
    assertThat(observer.all(ApiProbed.class))
        .extracting(ApiProbed::answered)
        .containsExactly(false, false, true, true);
  }
}
