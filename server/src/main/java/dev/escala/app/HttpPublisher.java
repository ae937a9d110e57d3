package dev.escala.app;

import dev.escala.model.Backoff;
import dev.escala.publish.Summary;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Publishes with {@code POST /topics/{topic}}; a retry is no duplicate, by its Idempotency-Key. */
public final class HttpPublisher implements Publisher {
  private static final int BATCH = 1000;
  private static final int BATCH_BYTES = 4 << 20;

  /** What a server takes as one body, and the decoder as one message. */
  private static final int MESSAGE_BYTES = 16 << 20;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Backoff UNREACHABLE =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClients.create();
  private final String run = UUID.randomUUID().toString();
  private final URI target;
  private final Patience patience;
  private final String token;
  private boolean answered;

  /**
   * How long to wait for a server that answered before, or says that it has no room or no database.
   *
   * @param most for one batch
   * @param told gets a sentence, once for each reason
   */
  record Patience(Duration most, Consumer<String> told) {}

  /** The server's address, such as {@code http://localhost:8080}. */
  public HttpPublisher(URI server, String topic) {
    this(server, topic, "", new Patience(PATIENCE, ignored -> {}));
  }

  /** The same, showing a token or a key where it is not empty. */
  HttpPublisher(URI server, String topic, String token, Patience patience) {
    this.token = token;
    this.patience = patience;
    String base = server.toString().replaceAll("/+$", "");
    String segment = URLEncoder.encode(topic, StandardCharsets.UTF_8).replace("+", "%20");
    this.target = URI.create(base + "/topics/" + segment);
  }

  @Override
  public int batchSize() {
    return BATCH;
  }

  @Override
  public int batchBytes() {
    return BATCH_BYTES;
  }

  @Override
  public int messageBytes() {
    return MESSAGE_BYTES;
  }

  @Override
  public Summary publish(List<String> messages, long before)
      throws CommandFailed, InterruptedException {
    HttpRequest request =
        Credential.shown(token, HttpRequest.newBuilder(target))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/x-ndjson")
            .header("Idempotency-Key", run + "-" + before)
            .POST(BodyPublishers.ofString(String.join("\n", messages)))
            .build();
    return summary(answerTo(request), before);
  }

  /** Tries again while the server says that it has no room or no database, or is away. */
  private HttpResponse<String> answerTo(HttpRequest request)
      throws CommandFailed, InterruptedException {
    long startedNanos = System.nanoTime();
    String told = "";
    for (int attempt = 1; ; attempt++) {
      boolean isOver = System.nanoTime() - startedNanos > patience.most().toNanos();
      String reason;
      Duration pause;
      try {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        answered = true;
        boolean busy = answer.statusCode() == 429 || answer.statusCode() == 503;
        if (!busy || isOver) {
          return answer;
        }
        reason = "%d, %s".formatted(answer.statusCode(), sentence(parse(answer)));
        pause = Duration.ofSeconds(answer.headers().firstValueAsLong("Retry-After").orElse(1));
      } catch (IOException unreachable) {
        if (!answered || isOver) {
          throw away(unreachable);
        }
        reason = "it does not answer";
        pause = UNREACHABLE.after(attempt);
      }
      if (!reason.equals(told)) {
        told = reason;
        patience.told().accept("waiting for %s: %s".formatted(target, reason));
      }
      Thread.sleep(pause); // the command has nothing else to do; Ctrl-C ends it
    }
  }

  private CommandFailed away(IOException unreachable) {
    return CommandFailed.failed(
        target + " does not answer (" + unreachable.getMessage() + "). Does the server run?");
  }

  private static String sentence(JsonNode body) {
    return body.path("message").asString("");
  }

  private Summary summary(HttpResponse<String> answer, long before) throws CommandFailed {
    JsonNode body = parse(answer);
    if (body.has("code")) {
      throw CommandFailed.failed(
          "%s answered %d: %s%s"
              .formatted(
                  target,
                  answer.statusCode(),
                  sentence(body),
                  body.path("hint").isString() ? ". " + body.path("hint").asString() : ""));
    }
    List<String> rejections = new ArrayList<>();
    for (JsonNode rejection : body.path("rejected")) {
      rejections.add(
          "message %,d: %s %s"
              .formatted(
                  before + rejection.path("index").asLong() + 1,
                  rejection.path("reason").asString(""),
                  rejection.path("detail").asString("")));
    }
    long stored = body.path("stored").asLong(0);
    long duplicates = body.path("duplicates").asLong(0);
    long rejected = body.path("received").asLong(0) - stored - duplicates;
    return new Summary(0, stored, duplicates, rejected, rejections);
  }

  private JsonNode parse(HttpResponse<String> answer) throws CommandFailed {
    try {
      return JSON.readTree(answer.body());
    } catch (JacksonException notJson) {
      throw CommandFailed.failed(
          "%s answered %d without JSON: is it Escala?".formatted(target, answer.statusCode()));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
