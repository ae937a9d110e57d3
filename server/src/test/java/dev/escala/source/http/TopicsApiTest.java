package dev.escala.source.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.HttpClients;
import dev.escala.http.HttpListener;
import dev.escala.http.Router;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.source.Delivery;
import dev.escala.source.Permits;
import dev.escala.testing.RawConnection;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class TopicsApiTest {
  private static final HttpSourceSettings SETTINGS =
      new HttpSourceSettings(100_000, 1_000_000, 1000, 5000, 10_000_000);
  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient CLIENT = HttpClients.create();

  private final RecordingObserver observer = new RecordingObserver();
  private final HttpSource source =
      new HttpSource(
          "departures", new Permits(SETTINGS.maxMessages(), SETTINGS.maxBytes()), observer);
  private final List<Message> received = new CopyOnWriteArrayList<>();
  private final Map<String, Boolean> ids = new ConcurrentHashMap<>();
  private final TopicsApi api =
      new TopicsApi(
          SETTINGS,
          new TopicsApi.Sources() {
            @Override
            public Optional<HttpSource> source(String topic) {
              return Optional.of(source).filter(known -> known.topic().equals(topic));
            }

            @Override
            public Collection<String> names() {
              return List.of("departures", "arrivals");
            }
          },
          observer);
  private final HttpListener listener =
      new HttpListener(VERTX, observer, () -> new Router().on("POST", "/topics/{topic}", api));
  private Thread loop = Thread.ofVirtual().unstarted(() -> {});
  private volatile Function<Message, Outcome> outcome = this::storeOnce;

  @BeforeEach
  void start() {
    listener.start("127.0.0.1", 0, 2);
    startLoop();
  }

  /** Settles each message as {@link #outcome} says. */
  private void startLoop() {
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

  private void stopLoop() {
    loop.interrupt();
    eventually("the loop ended", () -> !loop.isAlive());
  }

  private void settle(Delivery delivery, Function<Message, Outcome> outcome) {
    received.addAll(delivery.messages());
    delivery.settle(delivery.messages().stream().map(outcome).toList());
  }

  private Outcome storeOnce(Message message) {
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
    assertThat(observer.all(RequestFailed.class)).isEmpty();
  }

  @AfterAll
  static void closeShared() {
    CLIENT.close();
    VERTX.close().await();
  }

  private HttpRequest.Builder request(String path, BodyPublisher body) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d%s".formatted(listener.port(), path)))
        .timeout(Duration.ofSeconds(30))
        .POST(body);
  }

  private HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  private HttpResponse<String> post(String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static String counts(int received, int stored, int duplicates) {
    return "{\"received\":%d,\"stored\":%d,\"duplicates\":%d,\"rejected\":[],\"rejected_total\":0}"
        .formatted(received, stored, duplicates);
  }

  @Test
  void anObjectAnArrayAndLinesAreStored() throws IOException, InterruptedException {
    assertThat(post("/topics/departures", "{\"n\":1}").body()).isEqualTo(counts(1, 1, 0));
    assertThat(post("/topics/departures", "[{\"n\":2},{\"n\":3}]").body())
        .isEqualTo(counts(2, 2, 0));
    HttpResponse<String> lines =
        post(
            "/topics/departures",
            "{\"n\":4}\n{\"n\":5}\n{\"n\":6}",
            "Content-Type",
            "application/x-ndjson");
    assertThat(lines.statusCode()).isEqualTo(200);
    assertThat(lines.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=utf-8");
    assertThat(lines.body()).isEqualTo(counts(3, 3, 0));
    assertThat(received).hasSize(6);
    assertThat(received.getLast().payload().text()).isEqualTo("{\"n\":6}");
    assertThat(received).allMatch(message -> message.topic().equals("departures"));
  }

  @Test
  void anEmptyArrayIsNoMistake() throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/topics/departures", "[]");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(counts(0, 0, 0));
  }

  @Test
  void rejectedItemsAreDescribedAndDoNotHarmOthers() throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/topics/departures?wait=commit", "[{\"n\":1},2,{\"n\":3}]");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"received\":3,\"stored\":2,\"duplicates\":0,\"rejected\":[{\"index\":1,\"reason\":\"field.type\",\"column\":\"n\",\"detail\":\"It"
                + " is no \\\"object\\\".\"}],\"rejected_total\":1}");
  }

  @Test
  void whereAllAreRejectedTheStatusSaysSoAndDescriptionsAreCapped()
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        post("/topics/departures", "bad\n".repeat(150), "Content-Type", "application/x-ndjson");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("\"rejected_total\":150").contains("\"index\":99,");
    assertThat(answer.body()).doesNotContain("\"index\":100,");
  }

  @Test
  void aRepeatedRequestWithItsKeyIsADuplicate() throws IOException, InterruptedException {
    String body = "[{\"n\":1},{\"n\":2}]";
    assertThat(post("/topics/departures", body, "Idempotency-Key", "k1").body())
        .isEqualTo(counts(2, 2, 0));
    assertThat(post("/topics/departures", body, "Idempotency-Key", "k1").body())
        .isEqualTo(counts(2, 0, 2));
    assertThat(post("/topics/departures", body).body()).isEqualTo(counts(2, 2, 0));
    assertThat(post("/topics/departures", body, "Idempotency-Key", "a b").body())
        .contains("ESC104");
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body);
    }
    return packed.toByteArray();
  }

  @Test
  void gzipIsUnpackedWithinLimits() throws IOException, InterruptedException {
    byte[] object = gzip("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
    assertThat(post("/topics/departures", object, "Content-Encoding", "gzip").body())
        .isEqualTo(counts(1, 1, 0));

    byte[] bomb = gzip(new byte[50_000_000]);
    HttpResponse<String> tooLarge = post("/topics/departures", bomb, "Content-Encoding", "gzip");
    assertThat(bomb.length).isLessThan(SETTINGS.maxBodyBytes());
    assertThat(tooLarge.statusCode()).isEqualTo(413);

    byte[] half = Arrays.copyOf(object, object.length / 2);
    assertThat(post("/topics/departures", half, "Content-Encoding", "gzip").body())
        .contains("ESC112");
    assertThat(post("/topics/departures", "{}", "Content-Encoding", "gzip").body())
        .contains("ESC112");
    HttpResponse<String> unknown = post("/topics/departures", "{}", "Content-Encoding", "zstd");
    assertThat(unknown.statusCode()).isEqualTo(415);
    assertThat(unknown.body()).contains("ESC111").contains("gzip");
  }

  @Test
  void whatCannotBeSplitIsRefusedWhole() throws IOException, InterruptedException {
    HttpResponse<String> malformed = post("/topics/departures", "[{\"n\":1},{\"n\":]");
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(malformed.body()).contains("ESC112").contains("line 1, column 15");
    assertThat(post("/topics/departures", "").body()).contains("The body is empty");
    assertThat(post("/topics/departures", "[1" + ",1".repeat(1000) + "]").statusCode())
        .isEqualTo(413);
    for (int i = 0; i < 20; i++) {
      assertThat(post("/topics/departures", "x".repeat(100_001)).statusCode()).isEqualTo(413);
      assertThat(post("/topics/departures", "").statusCode()).isEqualTo(400);
    }
    assertThat(received).isEmpty();
  }

  @Test
  void anUnknownTopicAndParameterAreTold() throws IOException, InterruptedException {
    HttpResponse<String> unknown = post("/topics/departure", "{}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("ESC103").contains("Did you mean departures?");
    assertThat(post("/topics/departures?wait=forever", "{}").body()).contains("ESC104");
  }

  @Test
  void whoDoesNotWaitIsAnsweredAtOnce() throws IOException, InterruptedException {
    stopLoop();
    HttpResponse<String> answer = post("/topics/departures?wait=none", "[{\"n\":1},{\"n\":2}]");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.body()).isEqualTo("{\"received\":2}");
    assertThat(received).isEmpty();

    startLoop();
    eventually("stored later", () -> ids.size() == 2);
  }

  @Test
  void whatIsReturnedIsToBeSentAgain() throws IOException, InterruptedException {
    outcome =
        message ->
            message.payload().text().contains("2")
                ? new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE)
                : storeOnce(message);
    HttpResponse<String> answer = post("/topics/departures", "[{\"n\":1},{\"n\":2}]");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(answer.body()).contains("ESC001").contains("Of 2 items 1 are stored");

    outcome = message -> new Outcome.Returned(ReturnReason.TABLE_MISCONFIGURED);
    assertThat(post("/topics/departures", "{}").body()).contains("ESC003");
  }

  @Test
  void aPausedOrStoppedTopicTakesNothing() throws IOException, InterruptedException {
    source.pause();
    HttpResponse<String> paused = post("/topics/departures", "{}");
    assertThat(paused.statusCode()).isEqualTo(503);
    assertThat(paused.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(paused.body()).contains("ESC001");

    source.stop();
    assertThat(post("/topics/departures", "{}").body()).contains("ESC002");
    assertThat(received).isEmpty();
  }

  @Test
  void withoutRoomTheClientIsToldWhenToComeAgain() throws IOException, InterruptedException {
    stopLoop();
    String thousand = "{}\n".repeat(1000);
    for (int i = 0; i < 5; i++) {
      assertThat(post("/topics/departures?wait=none", thousand).statusCode()).isEqualTo(202);
    }
    HttpResponse<String> full = post("/topics/departures", "{}");
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(full.body()).contains("ESC113");

    startLoop();
    eventually("room again", () -> post("/topics/departures", "{}").statusCode() == 200);
  }

  @Test
  void aClientThatGoesAwayDoesNotKeepItsMessages() throws IOException {
    stopLoop();
    try (RawConnection connection = new RawConnection(listener.port())) {
      connection.send(
          "POST /topics/departures HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n{\"n\":1}");
      eventually("it arrived", () -> arrived().isPresent());
    }
    Delivery delivery = arrived().orElseThrow();
    settle(delivery, this::storeOnce);
    assertThat(ids).hasSize(1);
  }

  private Optional<Delivery> kept = Optional.empty();

  private Optional<Delivery> arrived() throws IOException {
    try {
      kept = kept.isPresent() ? kept : source.receive(Duration.ZERO);
      return kept;
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  @Test
  void http2IsSpokenToo() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 3; i++) {
        HttpRequest small = request("/topics/departures", BodyPublishers.ofString("{}")).build();
        HttpRequest large =
            request("/topics/departures", BodyPublishers.ofByteArray(new byte[150_000])).build();
        assertThat(client.send(small, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = client.send(large, BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }

  @Test
  void twoHundredClientsAreServedAtOnceBesideAHugeOne() {
    String huge = "{\"text\":\"" + "x".repeat(90) + "\"}\n";
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(send(i % 50 == 0 ? huge.repeat(900) : "{\"n\":%d}".formatted(i)));
    }
    assertThat(answers).allSatisfy(a -> assertThat(a.join().statusCode()).isEqualTo(200));
    assertThat(ids).hasSize(196 + 4 * 900);
  }

  private CompletableFuture<HttpResponse<String>> send(String body) {
    return CLIENT.sendAsync(
        request("/topics/departures", BodyPublishers.ofString(body)).build(),
        BodyHandlers.ofString());
  }
}
