package dev.escala.testing;

import com.sun.net.httpserver.HttpExchange;
import dev.escala.source.sns.SnsEnvelope;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * An SNS with one topic and one queue behind it: answers {@code PublishBatch} as AWS does, and
 * wraps what was published as AWS does.
 */
public final class SnsServer implements AutoCloseable {
  private static final String MESSAGE = "PublishBatchRequestEntries.member.1.Message";
  private static final String ANSWER =
      """
      <PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>
      <Failed/><Successful><member><Id>0</Id><MessageId>_ID_</MessageId></member></Successful>
      </PublishBatchResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></PublishBatchResponse>
      """;
  private static final String REFUSAL =
      """
      <ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type>
      <Code>AuthorizationError</Code><Message>not authorized to perform: SNS:Publish</Message></Error></ErrorResponse>
      """;

  private final SqsServer.Queue subscribed;
  private final LoopbackHttp server;
  private volatile boolean refusing;

  public SnsServer(SqsServer.Queue subscribed) {
    this.subscribed = subscribed;
    server = new LoopbackHttp(this::handle);
  }

  public URI endpoint() {
    return server.endpoint();
  }

  /** From now on nobody has the right to publish. */
  public void refuse() {
    refusing = true;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> form =
          form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      String id = UUID.randomUUID().toString();
      if (!refusing) {
        subscribed.send(
            new SnsEnvelope(
                    id,
                    form.getOrDefault("TopicArn", ""),
                    null,
                    form.getOrDefault(MESSAGE, ""),
                    Instant.now(),
                    Map.of())
                .wrap());
      }
      byte[] answer =
          (refusing ? REFUSAL : ANSWER.replace("_ID_", id)).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "text/xml");
      exchange.sendResponseHeaders(refusing ? 403 : 200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    Arrays.stream(body.split("&"))
        .map(pair -> pair.split("=", 2))
        .forEach(pair -> form.put(decoded(pair[0]), decoded(pair[1])));
    return form;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
