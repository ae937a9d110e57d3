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
        new Unpacking(
            new MemoryGate(BODIES_AT_ONCE),
            new Semaphore(Runtime.getRuntime().availableProcessors(), true)),
        observer);
  }

  /** How much may come out of all bodies together, and how many are unpacked at a time. */
  record Unpacking(MemoryGate room, Semaphore turns) {}

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
    if (request.encoding() != Encoding.IDENTITY && !packed.hasRoom(exchange.client(), 1)) {
      throw RequestRefused.forNow(TOO_MANY);
    }
    long announced = BodyReader.announced(exchange);
    if (announced <= settings.maxBodyBytes()) {
      admissions.requireRoom(exchange, request.topic(), announced);
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
