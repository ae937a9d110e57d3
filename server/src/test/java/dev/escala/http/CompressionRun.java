package dev.escala.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.escala.http.connection.AcceptingTransport;
import dev.escala.http.connection.ConnectionSettings;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.testing.RecordingObserver;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
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

/** A listener whose answers are packed, and clients that take them. */
abstract class CompressionRun {
  static final String NDJSON = "application/x-ndjson";
  static final byte[] TEXT =
      "{\"n\":1,\"text\":\"one\"}\n".repeat(200).getBytes(StandardCharsets.UTF_8);
  static final byte[] LARGE = lines(3 << 20);
  static final int PIECE = 64 << 10;
  static final Duration LONG = Duration.ofMinutes(10);
  static final Duration SHORT = Duration.ofMillis(300);

  final RecordingObserver observer = new RecordingObserver();
  final List<AutoCloseable> opened = new ArrayList<>();
  final CountDownLatch goOn = new CountDownLatch(1);
  final AtomicInteger pieces = new AtomicInteger();
  int port;

  /** Lines that are packed to three quarters at best, as sockets hold much of what is smaller. */
  static byte[] lines(int octets) {
    byte[] noise = new byte[octets * 3 / 4];
    new Random(5).nextBytes(noise);
    return Base64.getMimeEncoder().encode(noise);
  }

  @BeforeEach
  void start() {
    start(ConnectionSettings.standard());
  }

  final void start(ConnectionSettings settings) {
    start(settings, router());
  }

  final void start(ConnectionSettings settings, Router router) {
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

  final HttpResponse<InputStream> ask(
      HttpClient.Version version, String method, String path, String accepted)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().version(version).build();
    opened.add(client::shutdownNow);
    // What the first answer says decides the version of the connection.
    assertThat(client.send(request("GET", "/small", ""), BodyHandlers.discarding()).version())
        .isEqualTo(version);
    return client.send(request(method, path, accepted), BodyHandlers.ofInputStream());
  }

  final HttpResponse<InputStream> ask(String method, String path, String accepted)
      throws IOException, InterruptedException {
    return ask(HttpClient.Version.HTTP_1_1, method, path, accepted);
  }

  static InputStream unpacked(HttpResponse<InputStream> answer) throws IOException {
    return unpacked(header(answer, "Content-Encoding"), answer.body());
  }

  static InputStream unpacked(String coding, InputStream body) throws IOException {
    return switch (coding) {
      case "gzip" -> new GZIPInputStream(body);
      case "zstd" -> new ZstdInputStreamNoFinalizer(body);
      default -> body;
    };
  }

  static String header(HttpResponse<?> answer, String name) {
    return String.join(", ", answer.headers().allValues(name));
  }

  static String get(String path, String coding) {
    return "GET %s HTTP/1.1\r\nHost: a\r\nAccept-Encoding: %s\r\n\r\n".formatted(path, coding);
  }
}
