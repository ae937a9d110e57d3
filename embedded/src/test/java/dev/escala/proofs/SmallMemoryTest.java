package dev.escala.proofs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.HttpClients;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Many large requests or answers at once, and a heap that could not hold them all. */
class SmallMemoryTest extends Proof {
  private static final int CLIENTS = 12;
  private static final int REQUESTS_EACH = 6;
  private static final int TOPICS = 4;
  private static final int WIDE_ROWS = 1_000;
  private static final int OK = 200;
  private static final int TOO_LARGE = 413;
  private static final int TOO_MANY = 503;

  /** Alone, each is within every limit but the one of a packed body. */
  private enum Kind {
    LARGE,
    MANY,
    PACKED;

    byte[] body() throws IOException {
      return switch (this) {
        case LARGE -> text("{\"a\":\"" + "x".repeat(12 << 20) + "\"}");
        case MANY -> text("[" + "{\"a\":1},".repeat(60_000) + "{\"a\":1}]");
        case PACKED -> packed(text("{\"a\":\"" + "x".repeat(60 << 20) + "\"}"));
      };
    }

    private static byte[] text(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] packed(byte[] body) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (OutputStream out = new GZIPOutputStream(packed)) {
        out.write(body);
      }
      return packed.toByteArray();
    }

    String topic(int client) {
      return name().toLowerCase(Locale.ROOT) + client % TOPICS;
    }
  }

  @Test
  void whatIsTooMuchAtOnceIsRefusedAndTheRestIsStored() throws Exception {
    try (ServerProcess server = smallServer()) {
      List<HttpResponse<String>> large = publish(server, Kind.LARGE);
      List<HttpResponse<String>> many = publish(server, Kind.MANY);
      List<HttpResponse<String>> packed = publish(server, Kind.PACKED);

      assertThat(large).extracting(HttpResponse::statusCode).containsOnly(OK, TOO_MANY);
      assertThat(many).extracting(HttpResponse::statusCode).containsOnly(OK, TOO_MANY);
      assertThat(packed)
          .extracting(HttpResponse::statusCode)
          .contains(TOO_LARGE)
          .isSubsetOf(TOO_LARGE, TOO_MANY);
      assertThat(rows(Kind.LARGE)).isEqualTo(stored(large));
      assertThat(rows(Kind.MANY)).isEqualTo(stored(many));
      assertThat(server.get("/ping").statusCode()).isEqualTo(OK);
      assertThat(server.log()).doesNotContain("OutOfMemoryError", "\"level\":\"error\"");
    }
  }

  @Test
  void wideRowsAreReadInPartsThatFit() throws Exception {
    database.execute(
        "CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 8000) AS text"
            + " FROM generate_series(1, "
            + WIDE_ROWS
            + ") n");
    try (ServerProcess server = smallServer();
        HttpClient http = HttpClients.create();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      eventually("it is in the catalog", () -> server.get("/db/wide?n=eq.1").statusCode() == OK);
      List<Future<Long>> lengths = new ArrayList<>();
      for (String query : List.of("", "?limit=1000", "?order=n", "?limit=500&offset=1")) {
        HttpRequest read = HttpRequest.newBuilder(server.url("/db/wide" + query)).build();
        lengths.add(threads.submit(() -> length(http.send(read, BodyHandlers.ofInputStream()))));
      }
      for (Future<Long> length : lengths) {
        assertThat(length.get()).isGreaterThan(WIDE_ROWS / 2L * 32 * 8_000);
      }
      assertThat(server.log()).doesNotContain("OutOfMemoryError", "\"level\":\"error\"");
    }
  }

  private static long length(HttpResponse<InputStream> answer) throws IOException {
    assertThat(answer.statusCode()).isEqualTo(OK);
    try (InputStream body = answer.body()) {
      return body.transferTo(OutputStream.nullOutputStream());
    }
  }

  private ServerProcess smallServer() throws IOException {
    Path configuration = Files.createTempFile(directory, "small", ".yaml");
    Files.writeString(
        configuration,
        """
        http:  {host: localhost, port: 0}
        admin: {host: localhost, port: 0}
        log:   {format: json}
        databases:
          db: {url: "%s"}
        topics:
          "*": {table: "db.{topic}"}
        """
            .formatted(database.url()));
    ProcessBuilder serve = ServerProcess.command("serve", "--config", configuration.toString());
    serve.command().replaceAll(option -> option.startsWith("-Xmx") ? "-Xmx128m" : option);
    serve.command().add(1, "-XX:+ExitOnOutOfMemoryError");
    return ServerProcess.start(serve, Files.createTempFile(directory, "small", ".log"));
  }

  private static List<HttpResponse<String>> publish(ServerProcess server, Kind kind)
      throws IOException, InterruptedException {
    byte[] body = kind.body();
    List<Future<List<HttpResponse<String>>>> clients = new ArrayList<>();
    try (HttpClient http = HttpClients.create();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < CLIENTS; client++) {
        HttpRequest.Builder request =
            HttpRequest.newBuilder(server.url("/topics/" + kind.topic(client)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (kind == Kind.PACKED) {
          request.header("Content-Encoding", "gzip");
        }
        clients.add(threads.submit(() -> repeated(http, request.build())));
      }
    }
    List<HttpResponse<String>> answers = new ArrayList<>();
    try {
      for (Future<List<HttpResponse<String>>> client : clients) {
        answers.addAll(client.get());
      }
    } catch (ExecutionException broken) {
      throw new AssertionError("the server said:\n" + server.log(), broken);
    }
    return answers;
  }

  private static List<HttpResponse<String>> repeated(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    List<HttpResponse<String>> answers = new ArrayList<>();
    for (int i = 0; i < REQUESTS_EACH; i++) {
      answers.add(http.send(request, BodyHandlers.ofString()));
    }
    return answers;
  }

  private static long stored(List<HttpResponse<String>> answers) {
    return answers.stream()
        .filter(answer -> answer.statusCode() == OK)
        .mapToLong(answer -> JsonMapper.shared().readTree(answer.body()).path("stored").longValue())
        .sum();
  }

  private long rows(Kind kind) {
    long rows = 0;
    for (int topic = 0; topic < TOPICS; topic++) {
      rows +=
          database.numbers("SELECT count(*) FROM " + kind.topic(topic)).stream()
              .mapToLong(Long::longValue)
              .sum();
    }
    return rows;
  }
}
