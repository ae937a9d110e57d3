package dev.escala.source.http;

import dev.escala.config.Heap;
import dev.escala.http.BodyReader;
import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.http.connection.Pace;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** {@code POST /topics/{topic}}: publishes what the body holds, and answers after commit. */
public final class TopicsApi implements Handler {
  private static final Duration MAX_BODY_TIME = Duration.ofSeconds(60);

  private static final String TOO_MANY = "Too many bodies are being unpacked";

  /** How long a body that is read waits for its turn to be unpacked, and for room. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** All bodies that are read at the same time take no more than this, or the largest alone. */
  private static final long BODIES_AT_ONCE = Heap.part(8, 128 << 20);

  /** Packed bodies that are whole, and unpacked and split within about so long. */
  private static final Pace.Bounds UNPACKED =
      new Pace.Bounds(64, 1_000_000, Duration.ofMillis(500));

  private final HttpSourceSettings settings;
  private final Sources topics;
  private final BodyReader bodies;

  /** For bodies that are unpacked; what is sent as it is has its place among the bodies. */
  private final Unpacking unpacking;

  private final Pace packed = new Pace(UNPACKED);

  /** Where the topics are known; asked off the event loop. */
  public interface Sources {
    /**
     * The topic's source, opened where it is not yet and may be.
     *
     * @param client who asks for it
     */
    Opening source(String topic, String client);

    /** The topic's source where it is open already; asked on event loops, so it never waits. */
    Optional<HttpSource> opened(String topic);

    /** The names of the topics that are known, for those who mistyped one. */
    Collection<String> names();
  }

  /** What became of the wish to publish to a topic. */
  public sealed interface Opening {
    /** It takes messages. */
    record Open(HttpSource source) implements Opening {}

    /** There is no such topic. */
    record Unknown() implements Opening {}

    /** There could be, but it is refused; the texts say why, and what to do. */
    record Refused(Problem problem, int retryAfterSeconds) implements Opening {}

    /** Nobody can say now. */
    record Unavailable(ReturnReason reason) implements Opening {}
  }

  public TopicsApi(HttpSourceSettings settings, Sources topics, Observer observer) {
    this(
        settings,
        topics,
        new Unpacking(
            new MemoryGate(BODIES_AT_ONCE),
            new Semaphore(Runtime.getRuntime().availableProcessors(), true)),
        observer);
  }

  /** How much may come out of all bodies together, and how many are unpacked at a time. */
  record Unpacking(MemoryGate room, Semaphore turns) {}

  TopicsApi(HttpSourceSettings settings, Sources topics, Unpacking unpacking, Observer observer) {
    this.settings = settings;
    this.topics = topics;
    this.unpacking = unpacking;
    long atOnce = Math.max(settings.maxBodyBytes(), BODIES_AT_ONCE);
    this.bodies =
        new BodyReader(
            new BodyReader.Limits(settings.maxBodyBytes(), atOnce, MAX_BODY_TIME), observer);
  }

  @Override
  public void handle(Exchange exchange) {
    try {
      PublishRequest request = PublishRequest.of(exchange);
      if (!exchange.caller().rights().mayPublish(request.topic())) {
        bodies.read(exchange, (same, body) -> deny(exchange, request.topic()));
        return;
      }
      requireRoom(exchange, request);
      bodies.read(exchange, (same, body) -> publish(exchange, request, body));
    } catch (RequestRefused refused) {
      bodies.refuse(exchange, () -> refuse(exchange, refused));
    }
  }

  /** By the head alone: a body that would find no room is not worth to be kept. */
  private void requireRoom(Exchange exchange, PublishRequest request) throws RequestRefused {
    if (request.encoding() != Encoding.IDENTITY && !packed.hasRoom(exchange.client(), 1)) {
      throw RequestRefused.forNow(TOO_MANY);
    }
    long announced = BodyReader.announced(exchange);
    Optional<HttpSource> open = topics.opened(request.topic());
    if (open.isPresent() && announced <= settings.maxBodyBytes()) {
      long least = Math.max(1, announced);
      requireAdmitted(request, open.get().foresee(exchange.client(), least));
    }
  }

  private static void deny(Exchange exchange, String topic) {
    exchange.goOn(() -> Denial.answer(exchange, "publish to the topic " + topic));
  }

  private static void refuse(Exchange exchange, RequestRefused refused) {
    if (refused.isForNow()) {
      exchange.refuse(refused.problem(), refused.retryAfterSeconds());
    } else if (refused.retryAfterSeconds() > 0) {
      exchange.problem(refused.problem(), refused.retryAfterSeconds());
    } else {
      exchange.problem(refused.problem());
    }
  }

  private void publish(Exchange exchange, PublishRequest request, byte[] body) {
    try {
      HttpSource source = source(exchange, request.topic());
      requireAdmitted(request, source.foresee(body.length));
      if (request.encoding() == Encoding.IDENTITY) {
        split(exchange, request, source, body, body.length);
      } else {
        packed(exchange, request, source, body);
      }
    } catch (RequestRefused refused) {
      refuse(exchange, refused);
    }
  }

  private void packed(Exchange exchange, PublishRequest request, HttpSource source, byte[] body)
      throws RequestRefused {
    packed.begin(exchange.client(), 1);
    try {
      inTurn(exchange, request, source, body);
    } finally {
      packed.end(exchange.client(), 1);
    }
  }

  /** No more are unpacked at a time than there are cores: what is small is not behind them. */
  private void inTurn(Exchange exchange, PublishRequest request, HttpSource source, byte[] body)
      throws RequestRefused {
    if (!hasTurn()) {
      throw RequestRefused.forNow(TOO_MANY);
    }
    try {
      int length = request.encoding().unpackedLength(body, settings.maxUnpackedBytes());
      Runnable split = () -> split(exchange, request, source, body, length);
      if (!unpacking.room().pass(length, PATIENCE, split)) {
        throw RequestRefused.forNow(TOO_MANY);
      }
    } finally {
      unpacking.turns().release();
    }
  }

  private boolean hasTurn() {
    try {
      return unpacking.turns().tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void split(
      Exchange exchange, PublishRequest request, HttpSource source, byte[] body, int length) {
    try {
      byte[] unpacked = request.encoding().unpack(body, length);
      List<Payload> items = Items.of(unpacked, request.contentType(), settings.maxItems());
      if (items.isEmpty()) {
        PublishAnswer.give(exchange, List.of(), false);
      } else {
        List<Message> messages = request.messages(items);
        long bytes = unpacked.length + Message.OVERHEAD_BYTES * messages.size();
        submit(
            exchange, request, source, new HttpSource.Request(exchange.client(), messages, bytes));
      }
    } catch (RequestRefused refused) {
      refuse(exchange, refused);
    }
  }

  private HttpSource source(Exchange exchange, String topic) throws RequestRefused {
    return switch (topics.source(topic, exchange.clientAddress())) {
      case Opening.Open(HttpSource source) -> source;
      case Opening.Unknown _ -> throw unknown(topic, topics.names());
      case Opening.Refused(Problem problem, int retryAfterSeconds) ->
          throw new RequestRefused(problem, retryAfterSeconds);
      case Opening.Unavailable(ReturnReason reason) -> throw unavailable(reason);
    };
  }

  private static RequestRefused unknown(String topic, Collection<String> names) {
    return new RequestRefused(
        ErrorCode.ESC103,
        "There is no topic " + topic,
        Suggestion.nearest(topic, names)
            .map(near -> "Did you mean " + near + "?")
            .orElse("Topics are configured in escala.yaml."));
  }

  private void submit(
      Exchange exchange, PublishRequest request, HttpSource source, HttpSource.Request messages)
      throws RequestRefused {
    HttpSource.Admission admission =
        request.waits()
            ? source.submit(
                messages,
                outcomes ->
                    PublishAnswer.give(exchange, outcomes, request.idempotencyKey() != null))
            : source.submit(messages);
    if (admission == HttpSource.Admission.STOPPED) {
      submitAgain(exchange, request, source, messages);
      return;
    }
    requireAdmitted(request, admission);
    if (!request.waits()) {
      exchange.json(202, JsonText.of(Map.of("received", messages.messages().size())));
    }
  }

  private static void requireAdmitted(PublishRequest request, HttpSource.Admission admission)
      throws RequestRefused {
    switch (admission) {
      case ADMITTED -> {
        // as it should be
      }
      case NO_ROOM ->
          throw RequestRefused.forNow(
              "The topic " + request.topic() + " has no room for more messages now");
      case PAUSED -> throw unavailable(ReturnReason.DATABASE_UNAVAILABLE);
      case STOPPED -> throw unavailable(ReturnReason.SHUTDOWN);
    }
  }

  /** A topic that nobody used may close at this moment; then it is opened anew. */
  private void submitAgain(
      Exchange exchange, PublishRequest request, HttpSource stopped, HttpSource.Request messages)
      throws RequestRefused {
    HttpSource source = source(exchange, request.topic());
    if (source.equals(stopped)) {
      throw unavailable(ReturnReason.SHUTDOWN);
    }
    submit(exchange, request, source, messages);
  }

  private static RequestRefused unavailable(ReturnReason reason) {
    return new RequestRefused(PublishAnswer.unavailable(reason), PublishAnswer.RETRY_SECONDS);
  }
}
