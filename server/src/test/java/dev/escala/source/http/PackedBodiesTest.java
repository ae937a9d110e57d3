package dev.escala.source.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.github.luben.zstd.Zstd;
import dev.escala.observe.Observation.RequestRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies that are packed: what is unpacked, and what that takes from others. */
@Tag("integration")
class PackedBodiesTest extends TopicsApiRun {
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
    HttpResponse<String> unknown = post("/topics/departures", "{}", "Content-Encoding", "br");
    assertThat(unknown.statusCode()).isEqualTo(415);
    assertThat(unknown.body()).contains("ESC111", "gzip", "zstd");
  }

  @Test
  void zstdIsUnpackedWithinTheSameLimits() throws IOException, InterruptedException {
    byte[] object = Zstd.compress("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
    assertThat(post("/topics/departures", object, "Content-Encoding", "ZSTD").body())
        .isEqualTo(counts(1, 1, 0));

    byte[] bomb = Zstd.compress(new byte[50_000_000]);
    HttpResponse<String> tooLarge = post("/topics/departures", bomb, "Content-Encoding", "zstd");
    assertThat(bomb.length).isLessThan(SETTINGS.maxBodyBytes());
    assertThat(tooLarge.statusCode()).isEqualTo(413);

    byte[] half = Arrays.copyOf(object, object.length / 2);
    assertThat(post("/topics/departures", half, "Content-Encoding", "zstd").body())
        .contains("ESC112", "zstd");
  }

  /** Keeps all but so many bytes of the room for unpacking while the work is done. */
  private void withRoomFor(int bytes, ThrowingCallable work) {
    unpacking.pass(
        UNPACKED_AT_ONCE - bytes,
        () -> assertThatCode(work).as("beside what is being unpacked").doesNotThrowAnyException());
  }

  @Test
  void aBodyTakesTheRoomThatItReallyNeeds() throws IOException {
    byte[] small = gzip("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
    withRoomFor(
        10_000,
        () ->
            assertThat(post("/topics/departures", small, "Content-Encoding", "gzip").body())
                .isEqualTo(counts(1, 1, 0)));
  }

  @Test
  void withoutRoomToUnpackTheClientIsRefusedForNowAndOthersAreNot() throws IOException {
    byte[] packed = gzip("{\"n\":1}\n".repeat(10_000).getBytes(StandardCharsets.UTF_8));
    withRoomFor(
        10_000,
        () -> {
          HttpResponse<String> refused =
              post("/topics/departures", packed, "Content-Encoding", "gzip");
          assertThat(refused.statusCode()).isEqualTo(503);
          assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
          assertThat(refused.body()).contains("ESC113");
          assertThat(post("/topics/departures", "{}").statusCode()).isEqualTo(200);
        });
    eventually("counted as refused", () -> observer.all(RequestRefused.class).size() == 1);
  }

  @Test
  void whileOthersAreUnpackedWhatIsNotPackedPasses() throws IOException {
    byte[] packed = gzip("{\"n\":1}".getBytes(StandardCharsets.UTF_8));
    turns.take(
        Duration.ofSeconds(60),
        () -> {
          CompletableFuture<HttpResponse<String>> waiting = sendPacked(packed);
          assertThat(send("{}".getBytes(StandardCharsets.UTF_8), "identity").join().statusCode())
              .isEqualTo(200);
          assertThat(waiting.join().statusCode()).isEqualTo(503);
        });
    assertThat(sendPacked(packed).join().statusCode()).isEqualTo(200);
  }

  private CompletableFuture<HttpResponse<String>> sendPacked(byte[] body) {
    return send(body, "gzip");
  }

  private CompletableFuture<HttpResponse<String>> send(byte[] body, String encoding) {
    return client.sendAsync(
        request("/topics/departures", BodyPublishers.ofByteArray(body))
            .header("Content-Encoding", encoding)
            .build(),
        BodyHandlers.ofString());
  }
}
