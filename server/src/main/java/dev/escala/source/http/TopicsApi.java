package dev.escala.source.http;

import dev.escala.config.Heap;
import dev.escala.http.BodyReader;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.model.ReturnReason;
import dev.escala.model.Suggestion;
import dev.escala.observe.Observer;
import dev.escala.source.MemoryGate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code POST /topics/{topic}}: publishes what the body holds, and answers after commit. */
public final class TopicsApi implements Handler {
  private static final Duration MAX_BODY_TIME = Duration.ofSeconds(60);

  /** All bodies that are read at the same time take no more than this, or the largest alone. */
  private static final long BODIES_AT_ONCE = Heap.part(8, 128 << 20);

  private final HttpSourceSettings settings;
  private final Sources topics;
  private final BodyReader bodies;

  /** For bodies that are unpacked and split. */
  private final MemoryGate splitting;

  /** Where the topics are known; asked off the event loop. */
  public interface Sources {
    /** The source of a topic, opened where it is not yet; empty where there is no such topic. */
    Optional<HttpSource> source(String topic);

    /** The names of the topics that are known, for those who mistyped one. */
    Collection<String> names();
  }

  public TopicsApi(HttpSourceSettings settings, Sources topics, Observer observer) {
    this.settings = settings;
    this.topics = topics;
    long atOnce = Math.max(settings.maxBodyBytes(), BODIES_AT_ONCE);
    this.splitting = new MemoryGate(atOnce);
    this.bodies =
        new BodyReader(
            new BodyReader.Limits(settings.maxBodyBytes(), atOnce, MAX_BODY_TIME), observer);
  }

  @Override
  public void handle(Exchange exchange) {
    try {
      PublishRequest request = PublishRequest.of(exchange);
      bodies.read(
          exchange,
          (same, body) ->
              splitting.pass(
                  request.encoding().mostUnpacked(body, settings.maxUnpackedBytes()),
                  () -> publish(exchange, request, body)));
    } catch (RequestRefused refused) {
      // Not before the body is read: who still sends does not listen.
      bodies.read(exchange, (same, body) -> refuse(exchange, refused));
    }
  }

  private static void refuse(Exchange exchange, RequestRefused refused) {
    if (refused.retryAfterSeconds() > 0) {
      exchange.problem(refused.problem(), refused.retryAfterSeconds());
    } else {
      exchange.problem(refused.problem());
    }
  }

  private void publish(Exchange exchange, PublishRequest request, byte[] body) {
    try {
      HttpSource source = source(request.topic());
      byte[] unpacked = request.encoding().unpack(body, settings.maxUnpackedBytes());
      List<Payload> items = Items.of(unpacked, request.contentType(), settings.maxItems());
      if (items.isEmpty()) {
        PublishAnswer.give(exchange, List.of(), false);
      } else {
        List<Message> messages = request.messages(items);
        long bytes = unpacked.length + Message.OVERHEAD_BYTES * messages.size();
        submit(exchange, request, source, new HttpSource.Request(messages, bytes));
      }
    } catch (RequestRefused refused) {
      refuse(exchange, refused);
    }
  }

  private HttpSource source(String topic) throws RequestRefused {
    Optional<HttpSource> source = topics.source(topic);
    if (source.isEmpty()) {
      Collection<String> names = topics.names();
      throw new RequestRefused(
          ErrorCode.ESC103,
          "There is no topic " + topic,
          Suggestion.nearest(topic, names)
              .map(near -> "Did you mean " + near + "?")
              .orElse("Topics are configured in escala.yaml."));
    }
    return source.orElseThrow();
  }

  private static void submit(
      Exchange exchange, PublishRequest request, HttpSource source, HttpSource.Request messages)
      throws RequestRefused {
    HttpSource.Admission admission =
        request.waits()
            ? source.submit(
                messages,
                outcomes ->
                    PublishAnswer.give(exchange, outcomes, request.idempotencyKey() != null))
            : source.submit(messages);
    switch (admission) {
      case ADMITTED -> {
        if (!request.waits()) {
          exchange.json(202, JsonText.of(Map.of("received", messages.messages().size())));
        }
      }
      case NO_ROOM ->
          throw new RequestRefused(
              Problem.of(
                  ErrorCode.ESC113,
                  "The topic " + request.topic() + " has no room for more messages now",
                  "Try again after the seconds that Retry-After says."),
              1);
      case PAUSED -> throw unavailable(ReturnReason.DATABASE_UNAVAILABLE);
      case STOPPED -> throw unavailable(ReturnReason.SHUTDOWN);
    }
  }

  private static RequestRefused unavailable(ReturnReason reason) {
    return new RequestRefused(PublishAnswer.unavailable(reason), PublishAnswer.RETRY_SECONDS);
  }
}
