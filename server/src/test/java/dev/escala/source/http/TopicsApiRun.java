package dev.escala.source.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.HttpClients;
import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.source.Delivery;
import dev.escala.source.MemoryGate;
import dev.escala.source.Permits;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The topic {@code departures} on a listener of its own, and who publishes to it. */
abstract class TopicsApiRun {
  static final HttpSourceSettings SETTINGS =
      new HttpSourceSettings(100_000, 1_000_000, 1000, 5000, 10_000_000);
  static final int UNPACKED_AT_ONCE = 2_000_000;

  private final Vertx vertx =
      AcceptingTransport.vertx(
          new VertxOptions(), ConnectionSettings.standard(), observation -> {});
  final HttpClient client = HttpClients.create();
  final RecordingObserver observer = new RecordingObserver();
  final HttpSource source =
      new HttpSource(
          "departures", new Permits(SETTINGS.maxMessages(), SETTINGS.maxBytes()), observer);
  final List<Message> received = new CopyOnWriteArrayList<>();
  final Map<String, Boolean> ids = new ConcurrentHashMap<>();
  final MemoryGate unpacking = new MemoryGate(UNPACKED_AT_ONCE);
  final Turns turns = new Turns(1);
  final TopicsApi.Sources topics =
      new TopicsApi.Sources() {
        @Override
        public TopicsApi.Opening source(String topic, String client) {
          return topic.equals(source.topic())
              ? new TopicsApi.Opening.Open(source)
              : new TopicsApi.Opening.Unknown();
        }

        @Override
        public Optional<HttpSource> opened(String topic) {
          return topic.equals(source.topic()) ? Optional.of(source) : Optional.empty();
        }

        @Override
        public Collection<String> names() {
          return List.of("departures", "arrivals");
        }
      };
  private final TopicsApi api =
      new TopicsApi(
          SETTINGS, topics, new TopicsApi.Unpacking(unpacking, turns, patience()), observer);
  final HttpListener listener =
      new HttpListener(
          vertx, observer, () -> routes(new Router().on("POST", "/topics/{topic}", api)));
  private Thread loop = Thread.ofVirtual().unstarted(() -> {});
  volatile Function<Message, Outcome> outcome = this::storeOnce;

  /** How long a packed body waits for its turn. */
  Duration patience() {
    return Duration.ofSeconds(1);
  }

  /** With what else the listener has. */
  Router routes(Router router) {
    return router;
  }

  @BeforeEach
  void start() {
    listener.start("127.0.0.1", 0, 2);
    startLoop();
  }

  /** Settles each message as {@link #outcome} says. */
  void startLoop() {
    loop =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      Optional<Delivery> delivery = source.receive(Duration.ofSeconds(30));
                      delivery.ifPresent(some -> settle(some, outcome));
                    }
                  } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  void stopLoop() {
    loop.interrupt();
    eventually("the loop ended", () -> !loop.isAlive());
  }

  void settle(Delivery delivery, Function<Message, Outcome> outcome) {
    received.addAll(delivery.messages());
    delivery.settle(delivery.messages().stream().map(outcome).toList());
  }

  Outcome storeOnce(Message message) {
    String text = message.payload().text();
    if (!text.startsWith("{")) {
      return new Outcome.Rejected(Rejection.of(ReasonCode.FIELD_TYPE, "n", "It is no \"object\"."));
    }
    return ids.put(message.origin().messageId(), true) == null ? Outcome.STORED : Outcome.DUPLICATE;
  }

  @AfterEach
  void stop() {
    loop.interrupt();
    source.close();
    listener.close();
    client.close();
    vertx.close().await();
    assertThat(observer.all(RequestFailed.class)).isEmpty();
  }

  HttpRequest.Builder request(String path, BodyPublisher body) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d%s".formatted(listener.port(), path)))
        .timeout(Duration.ofSeconds(30))
        .POST(body);
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  HttpResponse<String> post(String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  static String counts(int received, int stored, int duplicates) {
    return "{\"received\":%d,\"stored\":%d,\"duplicates\":%d,\"rejected\":[],\"rejected_total\":0}"
        .formatted(received, stored, duplicates);
  }
}
