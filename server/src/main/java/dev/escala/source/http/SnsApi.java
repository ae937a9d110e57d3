package dev.escala.source.http;

import dev.escala.config.Heap;
import dev.escala.http.BodyReader;
import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.Problem;
import dev.escala.model.Caller;
import dev.escala.model.Message;
import dev.escala.observe.Observer;
import dev.escala.source.sns.PushHead;
import dev.escala.source.sns.PushRefused;
import dev.escala.source.sns.SnsPush;
import dev.escala.source.sns.SnsPush.Taken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /topics/{topic}/sns}: what SNS pushes, answered after commit. Its signature is what
 * says who sends it, so that it stands before the lock; raw delivery, which has none, goes through
 * the lock.
 */
public final class SnsApi implements Handler {
  /** 256 KiB are the most that SNS pushes; in JSON a message may take twice as much. */
  static final int MAX_BODY = 1 << 20;

  /** SNS waits no longer. */
  private static final Duration MAX_BODY_TIME = Duration.ofSeconds(15);

  private static final long BODIES_AT_ONCE = Heap.part(16, 32 << 20);
  private static final int RETRY_SECONDS = 5;

  private final Map<String, SnsPush> pushes;
  private final Admissions admissions;
  private final Optional<UnaryOperator<Handler>> lock;
  private final BodyReader bodies;

  /**
   * Takes what is pushed.
   *
   * @param pushes by topic
   * @param lock what says who asks; empty where nobody does
   */
  public SnsApi(
      Map<String, SnsPush> pushes,
      TopicsApi.Sources topics,
      Optional<UnaryOperator<Handler>> lock,
      Observer observer) {
    this.pushes = Map.copyOf(pushes);
    this.admissions = new Admissions(topics);
    this.lock = lock;
    this.bodies =
        new BodyReader(
            new BodyReader.Limits(MAX_BODY, Math.max(MAX_BODY, BODIES_AT_ONCE), MAX_BODY_TIME),
            observer);
  }

  /** What is done with a body that is read, and is off the event loop by then. */
  private interface Work {
    void on(byte[] body) throws PushRefused, RequestRefused;
  }

  @Override
  public void handle(Exchange exchange) {
    SnsPush push = pushes.get(exchange.path().get(1));
    PushHead head =
        new PushHead(
            exchange.header("x-amz-sns-message-type"),
            exchange.header("x-amz-sns-message-id"),
            exchange.header("x-amz-sns-topic-arn"),
            exchange.header("x-amz-sns-rawdelivery"));
    try {
      if (push == null) {
        throw noTopic();
      }
      push.admit(head, lock.isPresent());
      if (head.isRaw()) {
        lock.orElseThrow().apply(known -> raw(known, push, head)).handle(exchange);
      } else {
        read(exchange, push, body -> take(exchange, push, head, body));
      }
    } catch (PushRefused refused) {
      bodies.refuse(exchange, () -> refuse(exchange, refused));
    } catch (RequestRefused refused) {
      bodies.refuse(exchange, () -> Admissions.refuse(exchange, refused));
    }
  }

  private static RequestRefused noTopic() {
    return new RequestRefused(
        ErrorCode.ESC103,
        "No topic of SNS may push to this topic",
        "A source sns of the configuration says which may.");
  }

  /** By now it is known who sends it. */
  private void raw(Exchange exchange, SnsPush push, PushHead head) {
    Caller caller = exchange.caller();
    boolean may = caller.kind() == Caller.Kind.KNOWN && caller.rights().mayPublish(push.topic());
    try {
      if (may) {
        read(exchange, push, body -> submit(exchange, push.raw(head, body)));
      } else {
        bodies.refuse(exchange, () -> Denial.answer(exchange, "push to the topic " + push.topic()));
      }
    } catch (RequestRefused refused) {
      bodies.refuse(exchange, () -> Admissions.refuse(exchange, refused));
    }
  }

  private void read(Exchange exchange, SnsPush push, Work work) throws RequestRefused {
    admissions.requireRoom(
        exchange, push.topic(), Math.min(MAX_BODY, BodyReader.announced(exchange)));
    bodies.read(
        exchange,
        (same, body) -> {
          try {
            work.on(body);
          } catch (PushRefused refused) {
            refuse(exchange, refused);
          } catch (RequestRefused refused) {
            Admissions.refuse(exchange, refused);
          }
        });
  }

  private void take(Exchange exchange, SnsPush push, PushHead head, byte[] body)
      throws PushRefused, RequestRefused {
    switch (push.take(head, body, exchange.clientAddress())) {
      case Taken.Notification(Message message) -> submit(exchange, message);
      case Taken.Done _ -> exchange.json(200, "{}");
    }
  }

  private void submit(Exchange exchange, Message message) throws RequestRefused {
    HttpSource source = admissions.source(exchange, message.topic());
    long bytes = message.payload().length() + Message.OVERHEAD_BYTES;
    admissions.submit(
        exchange,
        source,
        new HttpSource.Request(exchange.client(), List.of(message), bytes),
        outcomes -> PublishAnswer.giveToSns(exchange, outcomes));
  }

  private static void refuse(Exchange exchange, PushRefused refused) {
    String sentence = String.valueOf(refused.getMessage());
    switch (refused.reason()) {
      case MALFORMED, HEADERS -> exchange.problem(problem(ErrorCode.ESC159, sentence, null));
      case TOPIC, RAW, SUBSCRIPTION ->
          exchange.problem(
              problem(ErrorCode.ESC158, sentence, "A source sns of the configuration says more."));
      case VERSION, TIMESTAMP, CERTIFICATE, SIGNATURE ->
          exchange.problem(
              problem(ErrorCode.ESC157, sentence, null).withDetails("signature.invalid"));
      case BUSY -> exchange.refuse(later(sentence), RETRY_SECONDS);
      case UNAVAILABLE -> exchange.problem(later(sentence), RETRY_SECONDS);
    }
  }

  private static Problem later(String sentence) {
    return problem(
        ErrorCode.ESC160, sentence, "Try again after the seconds that Retry-After says.");
  }

  private static Problem problem(ErrorCode code, String sentence, @Nullable String hint) {
    return Problem.of(code, sentence, hint);
  }
}
