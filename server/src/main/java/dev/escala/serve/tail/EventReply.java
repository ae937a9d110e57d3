package dev.escala.serve.tail;

import dev.escala.http.Exchange;
import dev.escala.http.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.function.Consumer;

/** An answer that is a stream of events, from its head to its end. Of the event loop. */
final class EventReply {
  /** No timer has this number. */
  private static final long NOBODY = -1;

  private final Exchange exchange;
  private final Reply reply;
  private final Vertx vertx;
  private final Duration stalled;
  private long timer = NOBODY;
  private boolean open;

  /**
   * @param stalled how long a client may take nothing
   */
  EventReply(Exchange exchange, Duration stalled) {
    this.exchange = exchange;
    this.reply = exchange.reply();
    this.vertx = exchange.context().owner();
    this.stalled = stalled;
  }

  /** Whether the head is out, and no other answer can be given any more. */
  boolean isOpen() {
    return open;
  }

  /** Writes the head and the first words; once. */
  void open() {
    open = true;
    prepareHead();
    reply.inPieces();
    reply.write(Events.opening());
  }

  /** Answers a question for the head alone. */
  void headOnly() {
    prepareHead();
    reply.end();
  }

  private void prepareHead() {
    exchange.with(HttpHeaders.CONTENT_TYPE, Events.TYPE);
    exchange.with(HttpHeaders.CACHE_CONTROL, "no-store");
    exchange.with("X-Accel-Buffering", "no"); // nginx and others would wait for more
    exchange.vary("Accept");
  }

  void write(Buffer events) {
    reply.write(events);
  }

  /** Whether the client has to take something first. */
  boolean isFull() {
    return reply.isFull();
  }

  /** Goes on when the client has taken enough; one that takes nothing is cut off. */
  void whenTaken(Runnable then) {
    if (!reply.isFull()) {
      then.run();
      return;
    }
    timer = vertx.setTimer(stalled.toMillis(), ignored -> exchange.cutOff());
    reply.onDrain(
        () -> {
          vertx.cancelTimer(timer);
          reply.onDrain(() -> {});
          then.run();
        });
  }

  /** Answers so, or ends what is open: who comes again is answered. */
  void end(Consumer<Exchange> answer) {
    if (!open) {
      answer.accept(exchange);
    } else if (reply.isFull()) {
      exchange.cutOff();
    } else {
      reply.end();
    }
  }

  /** Nothing is left of it. */
  void close() {
    vertx.cancelTimer(timer);
  }
}
