package dev.escala.source.http;

import dev.escala.config.Heap;
import dev.escala.http.BodyReader;
import dev.escala.http.Denial;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.http.connection.Pace;
import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.model.ReturnReason;
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

  private static final String TOO_MANY = "Too many bodies are being unpacked";

  /** How long a body that is read waits for its turn to be unpacked, and for room. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** All bodies that are read at the same time take no more than this, or the largest alone. */
  private static final long BODIES_AT_ONCE = Heap.part(8, 128 << 20);

  /**
   * Bytes of packed bodies that are whole, and unpacked and split within about so long; what comes
   * out of them may be in line for its table for as long again.
   */
  private static final Pace.Bounds UNPACKED =
      new Pace.Bounds(256 << 10, 4 << 20, Duration.ofMillis(250));

  private final HttpSourceSettings settings;
  private final Admissions admissions;
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
        new Unpacking(new MemoryGate(BODIES_AT_ONCE), Turns.ofCores(), PATIENCE),
        observer);
  }

  /**
   * How packed bodies share the process.
   *
   * @param room for what comes out of all of them together
   * @param turns of so many at a time
   * @param patience how long a body waits for each
   */
  record Unpacking(MemoryGate room, Turns turns, Duration patience) {}

  TopicsApi(HttpSourceSettings settings, Sources topics, Unpacking unpacking, Observer observer) {
    this.settings = settings;
    this.admissions = new Admissions(topics);
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
      bodies.refuse(exchange, () -> Admissions.refuse(exchange, refused));
    }
  }

  /** By the head alone: a body that would find no room is not worth to be kept. */
  private void requireRoom(Exchange exchange, PublishRequest request) throws RequestRefused {
    long announced = BodyReader.announced(exchange);
    if (request.encoding() != Encoding.IDENTITY) {
      requireRoomToUnpack(exchange, announced);
    }
    if (announced <= settings.maxBodyBytes()) {
      admissions.requireRoom(exchange, request.topic(), announced);
    }
  }

  private void requireRoomToUnpack(Exchange exchange, long bytes) throws RequestRefused {
    if (!packed.hasRoom(exchange.client(), bytes)) {
      throw RequestRefused.forNow(TOO_MANY);
    }
  }

  private static void deny(Exchange exchange, String topic) {
    exchange.goOn(() -> Denial.answer(exchange, "publish to the topic " + topic));
  }

  private void publish(Exchange exchange, PublishRequest request, byte[] body) {
    try {
      HttpSource source = admissions.source(exchange, request.topic());
      Admissions.requireRoom(source, body.length);
      if (request.encoding() == Encoding.IDENTITY) {
        split(exchange, request, source, body, body.length);
      } else {
        packed(exchange, request, source, body);
      }
    } catch (RequestRefused refused) {
      Admissions.refuse(exchange, refused);
    }
  }

  /** No more are unpacked at a time than there are cores: what is small is not behind them. */
  private void packed(Exchange exchange, PublishRequest request, HttpSource source, byte[] body)
      throws RequestRefused {
    // Once more: many heads may have come before the first of their bodies was whole.
    requireRoomToUnpack(exchange, body.length);
    packed.begin(exchange.client(), body.length);
    try {
      if (!unpacking
          .turns()
          .take(unpacking.patience(), () -> inTurn(exchange, request, source, body))) {
        throw RequestRefused.forNow(TOO_MANY);
      }
    } finally {
      packed.end(exchange.client(), body.length);
    }
  }

  private void inTurn(Exchange exchange, PublishRequest request, HttpSource source, byte[] body) {
    try {
      int length = request.encoding().unpackedLength(body, settings.maxUnpackedBytes());
      Admissions.requireRoom(exchange, source, length);
      Runnable split = () -> split(exchange, request, source, body, length);
      if (!unpacking.room().pass(length, unpacking.patience(), split)) {
        throw RequestRefused.forNow(TOO_MANY);
      }
    } catch (RequestRefused refused) {
      Admissions.refuse(exchange, refused);
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
      Admissions.refuse(exchange, refused);
    }
  }

  private void submit(
      Exchange exchange, PublishRequest request, HttpSource source, HttpSource.Request messages)
      throws RequestRefused {
    if (request.waits()) {
      boolean hasKey = request.idempotencyKey() != null;
      admissions.submit(
          exchange, source, messages, outcomes -> PublishAnswer.give(exchange, outcomes, hasKey));
    } else {
      admissions.submit(exchange, source, messages, null);
      exchange.json(202, JsonText.of(Map.of("received", messages.messages().size())));
    }
  }
}
