package dev.escala.source.http;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.RequestRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Packed bodies that would wait for their turn for as long as it takes. */
@Tag("integration")
class PackedBodiesInLineTest extends TopicsApiRun {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int BODIES = 60;

  @Override
  Duration patience() {
    return LONG;
  }

  @Test
  void moreThanIsUnpackedSoonIsRefusedAtOnceAndTheRestIsStored() {
    byte[] packed = packed(110_000);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    turns.take(
        LONG,
        () -> {
          for (int i = 0; i < BODIES; i++) {
            answers.add(send(packed));
          }
          eventually("some are refused", () -> !observer.all(RequestRefused.class).isEmpty());
        });

    List<HttpResponse<String>> given = answers.stream().map(CompletableFuture::join).toList();
    assertThat(given).extracting(HttpResponse::statusCode).containsOnly(200, 503);
    assertThat(given)
        .filteredOn(answer -> answer.statusCode() == 503)
        .allMatch(answer -> answer.headers().firstValue("Retry-After").equals(Optional.of("1")));
  }

  private CompletableFuture<HttpResponse<String>> send(byte[] body) {
    return client.sendAsync(
        request("/topics/departures", BodyPublishers.ofByteArray(body))
            .header("Content-Encoding", "gzip")
            .build(),
        BodyHandlers.ofString());
  }

  /** One message, of which packing makes about three quarters. */
  private static byte[] packed(int characters) {
    String text =
        new Random(7)
            .ints(characters, 'A', 'z')
            .filter(Character::isLetterOrDigit)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"text\":\"%s\"}".formatted(text).getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packed.toByteArray();
  }
}
