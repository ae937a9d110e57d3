package dev.escala.serve.tail;

import dev.escala.http.AnswerRoom;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.HeldReply;
import dev.escala.http.HeldReply.Held;
import dev.escala.http.HeldReply.Missing;
import dev.escala.http.Problem;
import dev.escala.http.Reply;
import dev.escala.model.RowTails.Listener;
import dev.escala.model.RowTails.Portion;
import dev.escala.model.RowTails.StoredKey;
import dev.escala.model.RowTails.Tail;
import dev.escala.model.TailPosition;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One who listens: is told of keys, reads their rows in parts, writes them, and asks for more once
 * the client has taken them. Holds no connection to the database while it waits. Of the event loop,
 * but for what it is told.
 */
final class TailStream implements Listener {
  private static final long HEARTBEAT_MILLIS = 15_000;
  private static final long AGAIN_MILLIS = 1_000;
  private static final int UNAVAILABLE = 503;
  private static final int RETRY_AFTER_SECONDS = 1;

  /** Of one read; more are read by their keys like any other rows, and not quickly. */
  private static final int MOST_KEYS = 100;

  /** Of one read, unless a single row is larger. */
  private static final int MOST_BYTES = 1 << 20;

  /** No timer has this number. */
  private static final long NOBODY = -1;

  private final Exchange exchange;
  private final TailQuery query;
  private final Terms terms;
  private final Vertx vertx;
  private final Reply reply;
  private @Nullable Tail tail;
  private @Nullable HeldReply reading;
  private @Nullable Portion portion;
  private @Nullable TailPosition shown;
  private int next;
  private int most;
  private long heartbeat = NOBODY;
  private long timer = NOBODY;
  private boolean begun;
  private boolean ended;

  /**
   * How it reads and ends.
   *
   * @param relations answers reads of relations
   * @param mostRows that one answer has of the relation
   * @param stalled how long a client may take nothing
   * @param atBegin is done when rows are told from now on
   * @param atEnd is done once, when it ends for whatever reason, also before it began
   */
  record Terms(
      Consumer<Exchange> relations,
      long mostRows,
      Duration stalled,
      Runnable atBegin,
      Consumer<TailStream> atEnd) {}

  TailStream(Exchange exchange, TailQuery query, Terms terms) {
    this.exchange = exchange;
    this.query = query;
    this.terms = terms;
    this.vertx = exchange.context().owner();
    this.reply = exchange.reply();
    this.most = mostKeys();
  }

  private int mostKeys() {
    return (int) Math.min(MOST_KEYS, terms.mostRows());
  }

  /** Listens, if a read of no rows is answered well: who may not read these may not listen. */
  void open(Function<Listener, Tail> tails) {
    reply.onClose(this::close);
    ask(List.of(), held -> checked(held, tails));
  }

  private void checked(Held held, Function<Listener, Tail> tails) {
    if (held.status() < 400) {
      tail = tails.apply(this);
      return;
    }
    held.headers().forEach((name, value) -> exchange.with(name, value));
    String type = held.headers().get(HttpHeaders.CONTENT_TYPE);
    exchange.answer(
        held.status(), type == null ? "application/json" : type, Buffer.buffer(held.body()));
    close();
  }

  @Override
  public void begun(TailPosition at) {
    onLoop(
        () -> {
          exchange.with(HttpHeaders.CONTENT_TYPE, Events.TYPE);
          exchange.with(HttpHeaders.CACHE_CONTROL, "no-store");
          exchange.with("X-Accel-Buffering", "no"); // nginx and others would wait for more
          exchange.vary("Accept");
          if (exchange.isHead()) {
            reply.end();
            close();
            return;
          }
          reply.inPieces();
          shown = at;
          begun = true;
          terms.atBegin().run();
          reply.write(Events.opening(at));
          // How long rows let wait for them is nothing that the server took.
          exchange.waitsForClient();
          heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, ignored -> beat());
          tail().more();
        });
  }

  @Override
  public void stored(Portion told) {
    onLoop(
        () -> {
          portion = told;
          next = 0;
          goOn();
        });
  }

  @Override
  public void gone() {
    onLoop(
        () ->
            finish(
                Problem.of(
                    ErrorCode.ESC156,
                    "What was stored behind this position is not kept any more",
                    "Listen without Last-Event-ID, and then read what is there.")));
  }

  @Override
  public void unavailable() {
    onLoop(
        () ->
            finish(
                Problem.of(
                    ErrorCode.ESC001, "The database does not answer", "Try again in a second.")));
  }

  /** Whether rows were told, or would have been. */
  boolean hasBegun() {
    return begun;
  }

  /** The server stops; who listens goes on at another instance. */
  void stop() {
    onLoop(() -> finish(Problem.of(ErrorCode.ESC002, "The server stops", "Another one answers.")));
  }

  /** Answers, or ends what has begun: who comes again is answered. */
  private void finish(Problem problem) {
    if (!reply.isBegun() && problem.status() == UNAVAILABLE) {
      exchange.problem(problem, RETRY_AFTER_SECONDS);
    } else if (!reply.isBegun()) {
      exchange.problem(problem);
    } else if (reply.isFull()) {
      exchange.cutOff();
    } else {
      reply.end();
    }
    close();
  }

  private void beat() {
    if (!isStillKnown() || reply.isFull()) {
      return;
    }
    TailPosition now = tail().position();
    if (portion == null && !now.equals(shown)) {
      shown = now;
      reply.write(Events.position(now));
    } else {
      reply.write(Events.heartbeat());
    }
  }

  /** False where what the client showed does not hold any more: then it has ended. */
  private boolean isStillKnown() {
    if (!exchange.caller().validity().holdsAt(Instant.now())) {
      reply.end();
      close();
    }
    return !ended;
  }

  private void goOn() {
    Portion told = portion;
    if (ended || told == null || !isStillKnown()) {
      return;
    }
    if (next == told.keys().size()) {
      portion = null;
      tail().more();
      return;
    }
    int end = Math.min(told.keys().size(), next + most);
    List<StoredKey> keys = told.keys().subList(next, end);
    ask(keys, held -> read(told, keys, held));
  }

  private void read(Portion told, List<StoredKey> keys, Held held) {
    if (held.status() == UNAVAILABLE) {
      again();
    } else if (held.status() >= 400) {
      reply.end(); // who comes again is told why
      close();
    } else {
      next += keys.size();
      most = Math.min(mostKeys(), most * 2);
      shown = null;
      Buffer events = Events.of(told, keys, held.body());
      if (events.length() > 0) {
        reply.write(events);
      }
      taken(this::goOn);
    }
  }

  /** Goes on when the client has taken enough; one that takes nothing is cut off. */
  private void taken(Runnable then) {
    if (!reply.isFull()) {
      then.run();
      return;
    }
    timer = vertx.setTimer(terms.stalled().toMillis(), ignored -> exchange.cutOff());
    reply.onDrain(
        () -> {
          vertx.cancelTimer(timer);
          reply.onDrain(() -> {});
          then.run();
        });
  }

  private void again() {
    timer = vertx.setTimer(AGAIN_MILLIS, ignored -> goOn());
  }

  /** Reads the rows of these keys as who listens. */
  private void ask(List<StoredKey> keys, Consumer<Held> then) {
    AnswerRoom room = exchange.room();
    HeldReply held = new HeldReply(keys.size() == 1 ? Integer.MAX_VALUE : MOST_BYTES, room);
    reading = held;
    terms
        .relations()
        .accept(exchange.asking(query.question(keys.stream().map(StoredKey::text).toList()), held));
    held.answer()
        .onComplete(
            done -> {
              room.giveBack();
              if (ended) {
                return;
              }
              if (done.succeeded()) {
                then.accept(done.result());
              } else {
                missing(done.cause());
              }
            });
  }

  /** There was no room for the rows, or no answer. */
  private void missing(Throwable why) {
    if (portion == null) {
      exchange.noRoom();
      close();
    } else if (why instanceof HeldReply.NoAnswer none && none.why() == Missing.TOO_LONG) {
      most = Math.max(1, most / 2);
      goOn();
    } else {
      again();
    }
  }

  private Tail tail() {
    Tail open = tail;
    if (open == null) {
      throw new IllegalStateException("it has not begun");
    }
    return open;
  }

  private void onLoop(Runnable action) {
    exchange
        .context()
        .runOnContext(
            ignored -> {
              if (!ended) {
                action.run();
              }
            });
  }

  /** Nothing of it is left. */
  private void close() {
    if (ended) {
      return;
    }
    ended = true;
    vertx.cancelTimer(heartbeat);
    vertx.cancelTimer(timer);
    if (tail != null) {
      tail.close();
    }
    if (reading != null) {
      reading.abandon();
    }
    terms.atEnd().accept(this);
  }
}
