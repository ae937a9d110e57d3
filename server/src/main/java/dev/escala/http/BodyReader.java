package dev.escala.http;

import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads request bodies within limits, and hands each on a thread of its own, off the event loop, to
 * what may block. Answers by itself what is too large, too slow or too much at once.
 */
public final class BodyReader {
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final int FIRST_BYTES = 4 << 10;

  private final Limits limits;
  private final Observer observer;
  private final AtomicLong held = new AtomicLong();

  /**
   * What is read at most.
   *
   * @param maxBytes of one body, as it is sent
   * @param maxHeldBytes of all bodies that are read or worked on at the same time
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
  }

  /** Reads the body of the exchange; called on the event loop, returns at once. */
  public void read(Exchange exchange, Receiver receiver) {
    new Reading(exchange, receiver).start();
  }

  private Problem tooLarge() {
    return Problem.of(
        ErrorCode.ESC110,
        "The body is larger than %,d bytes".formatted(limits.maxBytes()),
        "Send it in parts, or compressed with Content-Encoding: gzip.");
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
    private long timer;

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
      } else if (held.get() + chunk.length() > limits.maxHeldBytes()) {
        refuseForNow();
      } else {
        held.addAndGet(chunk.length());
        int longer = length + chunk.length();
        byte[] room = longer > body.length ? Arrays.copyOf(body, grown(longer)) : body;
        chunk.getBytes(room, length);
        length = longer;
        body = room;
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
        body = null;
        exchange.context().owner().cancelTimer(timer);
        Thread.ofVirtual().name("request-body").start(() -> handOn(complete));
      }
    }

    private void handOn(byte[] complete) {
      try {
        receiver.received(exchange, complete);
      } catch (RuntimeException failure) {
        observer.observed(new Observation.RequestFailed(exchange.route(), failure));
        exchange.problem(Problem.of(ErrorCode.ESC000, "Something failed on our side", null));
      } finally {
        held.addAndGet(-complete.length);
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
      refuse(() -> exchange.problem(problem, 1));
    }

    private void forget() {
      if (body != null) {
        exchange.context().owner().cancelTimer(timer);
        held.addAndGet(-length);
        body = null;
      }
    }

    /**
     * Answers when the body is at its end: a client that still sends would not see the answer. Who
     * does not come to an end within limits is answered, and disconnected a little later.
     */
    private void refuse(Runnable answer) {
      forget();
      refusal = answer;
      request.handler(this::discard).endHandler(ignored -> answerOnce());
      if (waitsForLeave()) {
        giveUp();
      } else {
        exchange.context().owner().setTimer(LINGER.toMillis(), ignored -> giveUp());
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

    private void giveUp() {
      // Other requests of the same client may be on an HTTP/2 connection.
      if (answerOnce() && request.version() != HttpVersion.HTTP_2) {
        exchange
            .context()
            .owner()
            .setTimer(LINGER.toMillis(), ignored -> request.connection().close());
      }
    }

    private void discard(Buffer chunk) {
      discarded += chunk.length();
      if (discarded > limits.maxBytes()) {
        giveUp();
      }
    }

    /** Whether the client sends nothing before it is told to. */
    private boolean waitsForLeave() {
      return !leaveGiven && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }
  }
}
