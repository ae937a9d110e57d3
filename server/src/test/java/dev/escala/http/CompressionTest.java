package dev.escala.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.http.connection.ConnectionSettings.Limit;
import dev.escala.http.connection.Resource;
import dev.escala.observe.Observation.ConnectionCut;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.testing.RawConnection;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are packed, whole ones and streams, on both versions of HTTP. */
@Tag("integration")
class CompressionTest {
  private static final String NDJSON = "application/x-ndjson";
  private static final byte[] TEXT =
      "{\"n\":1,\"text\":\"one\"}\n".repeat(200).getBytes(StandardCharsets.UTF_8);
  private static final byte[] LARGE = lines(3 << 20);
  private static final int PIECE = 64 << 10;
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final RecordingObserver observer = new RecordingObserver();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicInteger pieces = new AtomicInteger();
  private int port;

  /** Lines that are packed to three quarters at best, as sockets hold much of what is smaller. */
  private static byte[] lines(int octets) {
    byte[] noise = new byte[octets * 3 / 4];
    new Random(5).nextBytes(noise);
    return Base64.getMimeEncoder().encode(noise);
  }

  @BeforeEach
  void start() {
    start(ConnectionSettings.standard());
  }

  private void start(ConnectionSettings settings) {
    start(settings, router());
  }

  private void start(ConnectionSettings settings, Router router) {
    Vertx vertx = AcceptingTransport.vertx(new VertxOptions(), settings, observer);
    HttpListener listener =
        new HttpListener(vertx, observer, () -> new Compression(router, observer))
            .start("127.0.0.1", 0, 1);
    port = listener.port();
    opened.add(() -> vertx.close().await());
    opened.add(listener);
  }

  private Router router() {
    byte[] picture = new byte[5000];
    return new Router()
        .on("GET|POST", "/small", exchange -> exchange.json(200, "{\"n\":1}"))
        .on("GET|HEAD|POST", "/text", exchange -> exchange.answer(200, NDJSON, TEXT))
        .on("GET|HEAD", "/large", exchange -> exchange.answer(200, "text/csv", LARGE.clone()))
        .on("GET|HEAD", "/picture", exchange -> exchange.answer(200, "image/png", picture))
        .on("GET", "/packed", exchange -> exchange.with("Content-Encoding", "br").json(200, text()))
        .on(
            "GET",
            "/kept",
            exchange -> exchange.with("Cache-Control", "public, no-transform").json(200, text()))
        .on(
            "GET",
            "/tagged",
            exchange -> {
              exchange.vary("Accept");
              exchange.with("ETag", "\"7\"").json(200, text());
            })
        .on("GET", "/any", exchange -> exchange.with("Vary", "*").json(200, text()))
        .on("GET", "/none", exchange -> exchange.nothing(204))
        .on("GET", "/unchanged", exchange -> exchange.answer(304, NDJSON, TEXT))
        .on("GET|HEAD", "/stream", this::stream)
        .on("GET", "/broken", this::broken)
        .on("GET", "/endless", this::endless);
  }

  private static String text() {
    return new String(TEXT, StandardCharsets.UTF_8);
  }

  private static Reply begin(Exchange exchange) {
    exchange.with("Content-Type", NDJSON);
    exchange.inPieces();
    return exchange.reply();
  }

  /** One line, and the rest when the test has seen it. */
  private void stream(Exchange exchange) {
    Reply reply = begin(exchange);
    if (exchange.isHead()) {
      reply.end();
      return;
    }
    reply.write(Buffer.buffer("{\"first\":1}\n"));
    exchange.apart(
        "the rest",
        () -> {
          await(goOn);
          exchange.context().runOnContext(ignored -> reply.end(Buffer.buffer(LARGE)));
        });
  }

  private void broken(Exchange exchange) {
    Reply reply = begin(exchange);
    reply.write(Buffer.buffer(TEXT)).onComplete(done -> reply.breakOff());
  }

  /** Piece after piece, as long as the client takes them. */
  private void endless(Exchange exchange) {
    more(exchange, begin(exchange));
  }

  private void more(Exchange exchange, Reply reply) {
    while (!reply.isClosed()) {
      pieces.incrementAndGet();
      reply.write(Buffer.buffer(LARGE).slice(0, 3 * PIECE));
      if (reply.isFull()) {
        reply.onDrain(() -> more(exchange, reply));
        return;
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void close() throws Exception {
    goOn.countDown();
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
    assertThat(observer.all(RequestFailed.class)).isEmpty();
  }

  private HttpRequest request(String method, String path, String accepted) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    return (accepted.isEmpty() ? request : request.header("Accept-Encoding", accepted)).build();
  }

  private HttpResponse<InputStream> ask(
      HttpClient.Version version, String method, String path, String accepted)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().version(version).build();
    opened.add(client::shutdownNow);
    // What the first answer says decides the version of the connection.
    assertThat(client.send(request("GET", "/small", ""), BodyHandlers.discarding()).version())
        .isEqualTo(version);
    return client.send(request(method, path, accepted), BodyHandlers.ofInputStream());
  }

  private HttpResponse<InputStream> ask(String method, String path, String accepted)
      throws IOException, InterruptedException {
    return ask(HttpClient.Version.HTTP_1_1, method, path, accepted);
  }

  private static InputStream unpacked(HttpResponse<InputStream> answer) throws IOException {
    return unpacked(header(answer, "Content-Encoding"), answer.body());
  }

  private static InputStream unpacked(String coding, InputStream body) throws IOException {
    return switch (coding) {
      case "gzip" -> new GZIPInputStream(body);
      case "zstd" -> new ZstdInputStreamNoFinalizer(body);
      default -> body;
    };
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join(", ", answer.headers().allValues(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /text   | gzip               | gzip | Accept-Encoding
          /text   | gzip, zstd         | zstd | Accept-Encoding
          /text   | ''                 | ''   | Accept-Encoding
          /text   | br                 | ''   | Accept-Encoding
          /text   | gzip;q=0           | ''   | Accept-Encoding
          /small  | gzip               | ''   | Accept-Encoding
          /small  | gzip, identity;q=0 | gzip | Accept-Encoding
          /large  | gzip               | gzip | Accept-Encoding
          /large  | zstd               | zstd | Accept-Encoding
          /picture| gzip               | ''   | ''
          /packed | gzip               | br   | ''
          /kept   | gzip               | ''   | ''
          /any    | gzip               | gzip | *
          /tagged | gzip               | gzip | Accept, Accept-Encoding\
          """)
  void theAnswerIsPackedAsItsClientAsksAndItsKindAllows(
      String path, String accepted, String coding, String vary) throws Exception {
    HttpResponse<InputStream> plain = ask("GET", path, "");
    HttpResponse<InputStream> answer = ask("GET", path, accepted);
    assertThat(header(answer, "Content-Encoding")).isEqualTo(coding);
    assertThat(header(answer, "Vary")).isEqualTo(vary).isEqualTo(header(plain, "Vary"));
    assertThat(unpacked(answer).readAllBytes()).isEqualTo(plain.body().readAllBytes());
  }

  @Test
  void theTagOfAPackedAnswerIsAWeakOne() throws Exception {
    assertThat(header(ask("GET", "/tagged", "gzip"), "ETag")).isEqualTo("W/\"7\"");
    assertThat(header(ask("GET", "/tagged", ""), "ETag")).isEqualTo("\"7\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/none", "/unchanged"})
  void whatHasNoBodyIsNotPacked(String path) throws Exception {
    HttpResponse<InputStream> answer = ask("GET", path, "gzip, identity;q=0");
    assertThat(header(answer, "Content-Encoding")).isEmpty();
    assertThat(answer.body().readAllBytes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/text", "/large", "/picture", "/stream"})
  void headSaysWhatGetSays(String path) throws Exception {
    goOn.countDown();
    for (String accepted : List.of("", "gzip", "zstd")) {
      HttpResponse<InputStream> get = ask("GET", path, accepted);
      HttpResponse<InputStream> head = ask("HEAD", path, accepted);
      for (String name : List.of("Content-Encoding", "Vary", "Content-Type")) {
        assertThat(header(head, name)).as(name).isEqualTo(header(get, name));
      }
      assertThat(head.body().readAllBytes()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity;q=0", "*;q=0", "br, identity;q=0"})
  void whoTakesNothingThatThereIsIsToldUnlessSomethingIsDone(String accepted) throws Exception {
    HttpResponse<InputStream> refused = ask("GET", "/text", accepted);
    assertThat(refused.statusCode()).isEqualTo(406);
    assertThat(new String(refused.body().readAllBytes(), StandardCharsets.UTF_8))
        .contains("ESC150", "gzip", "zstd");
    HttpResponse<InputStream> done = ask("POST", "/text", accepted);
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body().readAllBytes()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1,gzip", "HTTP_1_1,zstd", "HTTP_2,gzip", "HTTP_2,zstd"})
  void aStreamGivesWhatItHasAndUnpacksToTheSame(HttpClient.Version version, String coding)
      throws Exception {
    HttpResponse<InputStream> answer = ask(version, "GET", "/stream", coding);
    assertThat(header(answer, "Content-Encoding")).isEqualTo(coding);
    byte[] first = "{\"first\":1}\n".getBytes(StandardCharsets.UTF_8);
    try (InputStream body = unpacked(answer)) {
      assertThat(body.readNBytes(first.length)).as("before the rest is made").isEqualTo(first);
      goOn.countDown();
      assertThat(body.readAllBytes()).isEqualTo(LARGE);
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1,gzip", "HTTP_1_1,zstd", "HTTP_2,gzip", "HTTP_2,zstd"})
  void aWholeAnswerInManyStepsUnpacksToTheSame(HttpClient.Version version, String coding)
      throws Exception {
    HttpResponse<InputStream> answer = ask(version, "GET", "/large", coding);
    assertThat(header(answer, "Content-Encoding")).isEqualTo(coding);
    assertThat(unpacked(answer).readAllBytes()).isEqualTo(LARGE);
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1,gzip", "HTTP_1_1,zstd", "HTTP_2,gzip", "HTTP_2,zstd"})
  void anAnswerThatEndsInTheMiddleDoesNotLookWhole(HttpClient.Version version, String coding)
      throws Exception {
    HttpResponse<InputStream> answer = ask(version, "GET", "/broken", coding);
    assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
  }

  /** Of those who do not look at the end of the body of HTTP. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void whatCameOfAnAnswerThatEndsInTheMiddleIsNotWholeToWhoUnpacksIt(String coding)
      throws IOException {
    try (RawConnection connection = new RawConnection(port)) {
      String said = connection.send(get("/broken", coding)).everything();
      assertThat(said).doesNotEndWith("0\r\n\r\n");
      int size = said.indexOf("\r\n", said.indexOf("\r\n\r\n") + 4);
      byte[] packed = said.substring(size + 2).getBytes(StandardCharsets.ISO_8859_1);
      InputStream body = unpacked(coding, new ByteArrayInputStream(packed));
      assertThat(body.readNBytes(TEXT.length)).isEqualTo(TEXT);
      assertThatThrownBy(body::read).isInstanceOf(IOException.class);
    }
  }

  private static String get(String path, String coding) {
    return "GET %s HTTP/1.1\r\nHost: a\r\nAccept-Encoding: %s\r\n\r\n".formatted(path, coding);
  }

  @Test
  void answersFollowEachOtherOnAConnection() throws IOException {
    try (RawConnection connection = new RawConnection(port)) {
      connection.send(get("/text", "gzip").repeat(3) + get("/large", "gzip").repeat(2));
      connection.send(get("/small", "gzip").replace("Host", "Connection: close\r\nHost"));
      String said = connection.everything();
      assertThat(said.split("HTTP/1.1 200 OK", -1)).hasSize(7);
      assertThat(said).endsWith("{\"n\":1}");
    }
  }

  @Test
  void withHttp10NothingIsPacked() throws IOException {
    try (RawConnection connection = new RawConnection(port)) {
      String request = get("/large", "gzip").replace("HTTP/1.1", "HTTP/1.0");
      assertThat(connection.send(request).everything())
          .doesNotContain("content-encoding")
          .contains("Accept-Encoding")
          .endsWith(new String(LARGE, StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void aStreamGoesOnlyAsFarAsItsClientTakesIt(String coding) throws IOException {
    try (RawConnection reader = new RawConnection(port)) {
      reader.send(get("/endless", coding));
      AtomicInteger before = new AtomicInteger(-1);
      eventually("it waits", () -> before.getAndSet(pieces.get()) == pieces.get());
      int held = pieces.get();
      assertThat(held).as("of some 200 KB each, with what sockets hold").isLessThan(100);
      assertThat(reader.take(20 << 20)).isTrue();
      eventually("it goes on", () -> pieces.get() > held + 50);
    }
  }

  @Test
  void aClientThatTakesNothingMakesRoomForOthers() throws Exception {
    close();
    opened.clear();
    byte[] whole = lines(16 << 20);
    start(
        ConnectionSettings.standard()
            .within(LONG, SHORT)
            .with(Resource.ANSWERS, new Limit(20 << 20, 20 << 20)),
        new Router().on("GET", "/huge", exchange -> exchange.answer(200, NDJSON, whole)));
    try (RawConnection idle = new RawConnection(port)) {
      idle.send(get("/huge", "gzip"));
      assertThat(idle.take(100)).isTrue();
      eventually(
          "another is answered",
          () -> {
            try (InputStream body = ask("GET", "/huge", "gzip").body()) {
              return new GZIPInputStream(body).readAllBytes().length == whole.length;
            } catch (IOException refused) {
              return false;
            }
          });
      assertThat(observer.all(ConnectionCut.class)).hasSize(1);
    }
  }

  @Test
  void whereEncodersTakeAllThatThereIsAnswersGoAsTheyAre() throws Exception {
    close();
    opened.clear();
    start(ConnectionSettings.standard().with(Resource.ENCODERS, new Limit(400 << 10, 400 << 10)));
    try (RawConnection first = new RawConnection(port)) {
      first.send(get("/endless", "zstd"));
      assertThat(first.take(1000)).isTrue();
      HttpResponse<InputStream> second = ask("GET", "/large", "gzip");
      assertThat(header(second, "Content-Encoding")).isEmpty();
      assertThat(header(second, "Vary")).isEqualTo("Accept-Encoding");
      assertThat(second.body().readAllBytes()).isEqualTo(LARGE);
      assertThat(header(ask("GET", "/text", "gzip"), "Content-Encoding")).isEqualTo("gzip");
    }
    eventually("its encoder is given back", () -> isPacked("/large"));
    for (String path : List.of("/large", "/broken", "/endless", "/large")) {
      try (RawConnection leaves = new RawConnection(port)) {
        leaves.send(get(path, "gzip"));
        assertThat(leaves.take(100)).isTrue();
      }
      eventually("one that ended gives it back", () -> isPacked("/large"));
    }
    ask(HttpClient.Version.HTTP_2, "GET", "/endless", "gzip").body().close();
    eventually("and a stream of HTTP/2", () -> isPacked("/large"));
  }

  private boolean isPacked(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = ask("GET", path, "gzip");
    answer.body().readAllBytes();
    return header(answer, "Content-Encoding").equals("gzip");
  }
}
