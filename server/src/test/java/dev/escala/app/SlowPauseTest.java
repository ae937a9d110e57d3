package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.ingest.IngestLoop;
import dev.escala.ingest.IngestSettings;
import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.ops.HealthApi;
import dev.escala.source.Delivery;
import dev.escala.source.MemoryGate;
import dev.escala.source.Source;
import dev.escala.store.MessageWriter;
import dev.escala.store.StoreException;
import dev.escala.store.Written;
import dev.escala.testing.FakeSource;
import dev.escala.testing.RawConnection;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source whose pause takes a call to its origin must not keep the event loop waiting. */
class SlowPauseTest {
  private static final IngestSettings SETTINGS =
      new IngestSettings(
          500,
          1 << 20,
          2,
          Duration.ofMillis(1),
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofSeconds(5));

  private final RecordingObserver observer = new RecordingObserver();
  private final FakeSource.Backlog backlog = new FakeSource.Backlog();
  private final SlowSource source = new SlowSource(new FakeSource("departures", backlog));
  private final IngestLoop loop =
      new IngestLoop(source, new NoDatabase(), SETTINGS, new MemoryGate(1 << 20), observer).start();
  private final Vertx vertx =
      AcceptingTransport.vertx(
          new VertxOptions(), ConnectionSettings.standard(), observation -> {});
  private final HttpListener listener =
      new HttpListener(vertx, observer, this::router).start("localhost", 0, 1);

  private Router router() {
    Router router = new Router();
    new HealthApi("1.2.3", () -> List.of(loop.health())).register(router);
    return router;
  }

  @AfterEach
  void stop() {
    source.answered.countDown();
    listener.close();
    loop.close();
    vertx.close().await();
  }

  private String get(String path) throws IOException {
    try (RawConnection connection = new RawConnection(listener.port())) {
      return connection.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
    }
  }

  @Test
  void pingAndHealthAreAnsweredWhileASourcePauses() throws IOException, InterruptedException {
    backlog.publish("departures", "{}");
    source.pausing.await();

    // The pause ends only after both were answered: whoever waits for it waits for ever.
    assertThat(get("/health")).contains("\"paused\":true");
    assertThat(get("/ping")).isEqualTo("200 {\"status\":\"ok\"}");
    assertThat(source.paused.getCount()).as("still pausing").isEqualTo(1);

    source.answered.countDown();
    eventually("it has paused", () -> source.paused.getCount() == 0);
  }

  /** Where nothing can be stored. */
  private static final class NoDatabase implements MessageWriter {
    @Override
    public Written write(List<Message> messages) {
      throw new StoreException(ReturnReason.DATABASE_UNAVAILABLE, "08", "away");
    }

    @Override
    public void probe() {
      throw new StoreException(ReturnReason.DATABASE_UNAVAILABLE, "08", "away");
    }

    @Override
    public Optional<Moment> tableLockedSince() {
      return Optional.empty();
    }

    @Override
    public void stop() {}
  }

  /** Pauses only once the test says that its origin has answered. */
  private record SlowSource(
      Source origin, CountDownLatch pausing, CountDownLatch answered, CountDownLatch paused)
      implements Source {
    SlowSource(Source origin) {
      this(origin, new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
    }

    @Override
    public void pause() {
      pausing.countDown();
      try {
        answered.await();
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
      origin.pause();
      paused.countDown();
    }

    @Override
    public SourceKind kind() {
      return origin.kind();
    }

    @Override
    public String topic() {
      return origin.topic();
    }

    @Override
    public Optional<Delivery> receive(Duration wait) throws InterruptedException {
      return origin.receive(wait);
    }

    @Override
    public Optional<Moment> lastReceive() {
      return origin.lastReceive();
    }

    @Override
    public Optional<Backlog> backlog() {
      return origin.backlog();
    }

    @Override
    public void resume() {
      origin.resume();
    }

    @Override
    public void stop() {
      origin.stop();
    }

    @Override
    public void close() {
      origin.close();
    }
  }
}
