package dev.escala.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.http.connection.ConnectionSettings;
import dev.escala.http.connection.ConnectionSettings.Limit;
import dev.escala.http.connection.Resource;
import dev.escala.observe.Observation.ConnectionCut;
import dev.escala.testing.Ended;
import dev.escala.testing.RawConnection;
import dev.escala.testing.Tool;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are packed while their clients take them, on both versions of HTTP. */
@Tag("integration")
class PackedBodyTest extends CompressionRun {
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
    // A client may hear of the end together with the head.
    assertThatThrownBy(() -> ask(version, "GET", "/broken", coding).body().readAllBytes())
        .isInstanceOf(IOException.class);
  }

  /** Some, curl 7 among them, take a stream that is reset without an error for a whole answer. */
  @Test
  void onHttp2ItEndsWithAnError() {
    Vertx vertx = Vertx.vertx();
    opened.add(() -> vertx.close().await());
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false);
    assertThatThrownBy(
            () ->
                vertx
                    .createHttpClient(options)
                    .request(HttpMethod.GET, port, "127.0.0.1", "/broken")
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body)
                    .await())
        .isInstanceOfSatisfying(
            StreamResetException.class,
            reset -> assertThat(reset.getCode()).isEqualTo(Http2Error.INTERNAL_ERROR.code()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
  void curlSaysThatAnAnswerEndsInTheMiddle(String version, @TempDir Path folder) throws Exception {
    Tool curl = new Tool("curl", "curl");
    curl.require();
    Ended ended = curl.run(folder, "-sS", version, "http://127.0.0.1:" + port + "/broken");
    assertThat(ended.exitCode()).isNotZero();
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
