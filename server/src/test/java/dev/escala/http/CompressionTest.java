package dev.escala.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are packed, how, and what their heads say. */
@Tag("integration")
class CompressionTest extends CompressionRun {
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
}
