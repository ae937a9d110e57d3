package dev.escala.http;

import dev.escala.http.connection.OutOfMemory;
import dev.escala.http.connection.Share;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reads request bodies within limits, and hands each on a thread of its own, off the event loop, to
 * what may block. Answers by itself what is too large, too slow or too much at once.
 */
public final class BodyReader {
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final int FIRST_BYTES = 4 << 10;
  private static final long NO_TIMER = -1;

  private final Limits limits;
  private final Observer observer;
  private final Share held;

  /**
   * What is read at most.
   *
   * @param maxBytes of one body, as it is sent
   * @param maxHeldBytes of all bodies that are read or worked on at the same time; of one client,
   *     half of it or the largest body
   * @param maxTime from the head of the request to the end of its body
   */
  public record Limits(long maxBytes, long maxHeldBytes, Duration maxTime) {}

  /** Takes a whole body and answers, now or later; may block. */
  @FunctionalInterface
  public interface Receiver {
    void received(Exchange exchange, byte[] body);
  }

  public BodyReader(Limits limits, Observer observer) {
    this.limits = limits;
    this.observer = observer;
    this.held =
        new Share(limits.maxHeldBytes(), Math.max(limits.maxBytes(), limits.maxHeldBytes() / 2));
  }

  /** Reads the body of the exchange; called on the event loop, returns at once. */
  public void read(Exchange exchange, Receiver receiver) {
    new Reading(exchange, receiver).start();
  }

  /**
   * Refuses the exchange by its head; called on the event loop. What its client sends all the same
   * is taken and not kept, and the answer given behind it.
   */
  public void refuse(Exchange exchange, Runnable answer) {
    new Reading(exchange, (same, body) -> {}).refuse(answer);
  }

  private Problem tooLarge() {
    return Problem.of(
        ErrorCode.ESC110,
        "The body is larger than %,d bytes".formatted(limits.maxBytes()),
        "Send it in parts, or compressed with Content-Encoding: gzip or zstd.");
  }

  /** What the head of a request says of the length of its body; 0 where it says nothing. */
  public static long announced(Exchange exchange) {
    return announced(exchange.request());
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException malformed) {
      return Long.MAX_VALUE;
    }
  }

  /** One body on its way; on the event loop until it is complete. */
  private final class Reading {
    private final Exchange exchange;
    private final HttpServerRequest request;
    private final Receiver receiver;
    private final long announced;

    /** Longer than what it holds, until it is complete. */
    private byte @Nullable [] body = new byte[0];

    private int length;
    private @Nullable Runnable refusal;
    private boolean leaveGiven;
    private long discarded;
    private long discardedBefore;
    private long timer = NO_TIMER;

    Reading(Exchange exchange, Receiver receiver) {
      this.exchange = exchange;
      this.request = exchange.request();
      this.receiver = receiver;
      this.announced = announced(request);
    }

    void start() {
      request.exceptionHandler(ignored -> forget());
      if (announced > limits.maxBytes()) {
        refuse(tooLarge());
        return;
      }
      timer =
          exchange
              .context()
              .owner()
              .setTimer(limits.maxTime().toMillis(), ignored -> refuse(tooSlow()));
      request.handler(this::chunk).endHandler(ignored -> end());
      if (waitsForLeave()) {
        leaveGiven = true;
        request.response().writeContinue();
      }
    }

    private Problem tooSlow() {
      return Problem.of(
          ErrorCode.ESC114,
          "The body did not come within " + limits.maxTime().toSeconds() + " s",
          "Send it in parts.");
    }

    private void chunk(Buffer chunk) {
      if (body == null) {
        discard(chunk);
      } else if ((long) length + chunk.length() > limits.maxBytes()) {
        refuse(tooLarge());
      } else if (length + chunk.length() <= body.length) {
        chunk.getBytes(body, length);
        length += chunk.length();
      } else {
        grow(body, chunk);
      }
    }

    /** What counts is the memory that is taken, of which the body may have filled half. */
    private void grow(byte[] present, Buffer chunk) {
      int longer = length + chunk.length();
      int room = grown(longer);
      if (held.grow(exchange.client(), present.length, room - present.length)) {
        byte[] grown = Arrays.copyOf(present, room);
        chunk.getBytes(grown, length);
        length = longer;
        body = grown;
      } else {
        refuseForNow();
      }
    }

    /** Twice as much, but no more than will come; what is announced is not believed beforehand. */
    private int grown(int needed) {
      long most = announced > 0 ? announced : limits.maxBytes();
      return (int) Math.max(needed, Math.min(most, Math.max(FIRST_BYTES, 2L * needed)));
    }

    private void end() {
      if (body != null) {
        byte[] complete = body.length == length ? body : Arrays.copyOf(body, length);
        held.give(exchange.client(), body.length - length);
        body = null;
        exchange.context().owner().cancelTimer(timer);
        Runnable given = once(() -> held.give(exchange.client(), complete.length));
        // Who has the answer and sends the next body finds the room of the one before.
        exchange.beforeAnswer(given);
        Thread.ofVirtual().name("request-body").start(() -> handOn(complete, given));
      }
    }

    private static Runnable once(Runnable action) {
      AtomicBoolean done = new AtomicBoolean();
      return () -> {
        if (done.compareAndSet(false, true)) {
          action.run();
        }
      };
    }

    private void handOn(byte[] complete, Runnable given) {
      try {
        receiver.received(exchange, complete);
      } catch (RuntimeException | Error failure) {
        OutOfMemory.endsTheProcess(failure);
        // The top of a thread: a stack that overflows is a failure like any other to a client.
        observer.observed(
            new Observation.RequestFailed(exchange.route(), failure, exchange.trace()));
        exchange.problem(Problem.of(ErrorCode.ESC000, "Something failed on our side", null));
      } finally {
        given.run();
      }
    }

    private void refuse(Problem problem) {
      refuse(() -> exchange.problem(problem));
    }

    private void refuseForNow() {
      Problem problem =
          Problem.of(
              ErrorCode.ESC113,
              "Too many bodies are on their way",
              "Try again after the seconds that Retry-After says.");
      refuse(() -> exchange.refuse(problem, 1));
    }

    private void forget() {
      exchange.context().owner().cancelTimer(timer);
      if (body != null) {
        held.give(exchange.client(), body.length);
        body = null;
      }
    }

    /**
     * Answers when the body is at its end: a client that still sends would not see the answer. Who
     * sends nothing more, or goes on beyond the limits, is answered, and disconnected a little
     * later.
     */
    void refuse(Runnable answer) {
      request.exceptionHandler(ignored -> forget());
      forget();
      refusal = answer;
      request.handler(this::discard).endHandler(ignored -> endOfRefused());
      long deadlineNanos = System.nanoTime() + limits.maxTime().toNanos();
      timer =
          exchange
              .context()
              .owner()
              .setPeriodic(LINGER.toMillis(), ignored -> linger(deadlineNanos));
      if (waitsForLeave()) {
        answerEarly();
      }
    }

    private void endOfRefused() {
      if (answerOnce()) {
        exchange.context().owner().cancelTimer(timer);
      }
    }

    /** Who sends is listened to, lest what it still sends hides the answer. */
    private void linger(long deadlineNanos) {
      boolean sends =
          discarded > discardedBefore
              && discarded <= limits.maxBytes()
              && System.nanoTime() - deadlineNanos < 0;
      discardedBefore = discarded;
      if (!sends && !answerEarly()) {
        exchange.context().owner().cancelTimer(timer);
        disconnect();
      }
    }

    private boolean answerOnce() {
      Runnable answer = refusal;
      refusal = null;
      if (answer != null) {
        answer.run();
      }
      return answer != null;
    }

    /** Before the end of the body; the client is told that nothing else is read behind it. */
    private boolean answerEarly() {
      if (refusal != null && request.version() != HttpVersion.HTTP_2) {
        exchange.with(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
      return answerOnce();
    }

    /** But other requests of the same client may be on an HTTP/2 connection. */
    private void disconnect() {
      if (request.version() != HttpVersion.HTTP_2) {
        request.connection().close();
      }
    }

    private void discard(Buffer chunk) {
      discarded += chunk.length();
      if (discarded > limits.maxBytes()) {
        answerEarly();
      }
    }

    /** Whether the client sends nothing before it is told to. */
    private boolean waitsForLeave() {
      return !leaveGiven && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }
  }
}
