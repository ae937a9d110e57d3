package dev.escala.serve.tail;

import dev.escala.catalog.Relation;
import dev.escala.http.AnswerRoom;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.HeldReply;
import dev.escala.http.HeldReply.Held;
import dev.escala.http.HeldReply.Missing;
import dev.escala.http.Problem;
import dev.escala.model.Backoff;
import dev.escala.model.RowTails.Listener;
import dev.escala.model.RowTails.Portion;
import dev.escala.model.RowTails.StoredKey;
import dev.escala.model.RowTails.Tail;
import dev.escala.model.TailPosition;
import dev.escala.serve.database.ErrorAnswers;
import dev.escala.serve.tail.TailSource.Noted;
import dev.escala.serve.tail.TailSource.Refused;
import dev.escala.serve.tail.TailSource.Unavailable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
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
  private static final Backoff BETWEEN_TRIES =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));

  /** Some seconds: who gets a head otherwise is told all that is stored behind it. */
  private static final int TRIES_WITHOUT_HEAD = 4;

  /** Of one read; more are read by their keys like any other rows, and not quickly. */
  private static final int MOST_KEYS = 100;

  /** Of one read, unless a single row is larger. */
  private static final int MOST_BYTES = 1 << 20;

  /** No timer has this number. */
  private static final long NOBODY = -1;

  private final TailSource source;
  private final Exchange exchange;
  private final TailQuery query;
  private final Runnable atBegin;
  private final Consumer<TailStream> atEnd;
  private final Vertx vertx;
  private final EventReply reply;
  private @Nullable Tail tail;
  private @Nullable HeldReply reading;
  private @Nullable Portion portion;
  private @Nullable TailPosition shown;
  private long mostRows;
  private int next;
  private int most;
  private int tries;
  private long heartbeat = NOBODY;
  private long timer = NOBODY;
  private boolean begun;
  private boolean ended;

  /**
   * @param atBegin is done when rows are told from now on
   * @param atEnd is done once, when it ends for whatever reason, also before it began
   */
  TailStream(TailSource source, TailQuery query, Runnable atBegin, Consumer<TailStream> atEnd) {
    this.source = source;
    this.exchange = source.exchange();
    this.query = query;
    this.atBegin = atBegin;
    this.atEnd = atEnd;
    this.vertx = exchange.context().owner();
    this.reply = new EventReply(exchange, source.reads().settings().pools().stalled());
  }

  private int mostKeys() {
    return (int) Math.min(MOST_KEYS, mostRows);
  }

  void open() {
    exchange.reply().onClose(this::close);
    attempt();
  }

  /** Listens, if a read of no rows is answered well: who may not read these may not listen. */
  private void attempt() {
    source
        .find()
        .onSuccess(
            found -> {
              if (!ended) {
                switch (found) {
                  case Noted(Relation relation) -> {
                    mostRows = source.mostRows(relation);
                    most = mostKeys();
                    ask(List.of(), held -> checked(held, relation));
                  }
                  case Refused(Consumer<Exchange> answer) -> refuse(answer);
                  case Unavailable() -> later();
                }
              }
            });
  }

  private void checked(Held held, Relation relation) {
    if (held.status() < 400) {
      tail = source.open(relation, this);
    } else if (held.status() == UNAVAILABLE) {
      later();
    } else {
      refuse(
          refused -> {
            held.headers().forEach((name, value) -> refused.with(name, value));
            String type = held.headers().get(HttpHeaders.CONTENT_TYPE);
            refused.answer(
                held.status(),
                type == null ? "application/json" : type,
                Buffer.buffer(held.body()));
          });
    }
  }

  private void refuse(Consumer<Exchange> answer) {
    reply.end(answer);
    close();
  }

  /** Ends what is open. */
  private void end() {
    refuse(ignored -> {});
  }

  /**
   * Tries again, and says meanwhile that somebody is there: an {@code EventSource} gives up for
   * good at any answer but 200, such as the 503 of a balancer that has waited too long for one.
   */
  private void later() {
    if (exchange.isHead()) {
      refuse(ErrorAnswers::unavailable);
      return;
    }
    tries++;
    if (tries > TRIES_WITHOUT_HEAD) {
      openReply();
    }
    timer = vertx.setTimer(BETWEEN_TRIES.after(tries).toMillis(), ignored -> attempt());
  }

  private void openReply() {
    if (!reply.isOpen()) {
      reply.open();
      heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, ignored -> beat());
    }
  }

  @Override
  public void begun(TailPosition at) {
    onLoop(
        () -> {
          if (exchange.isHead()) {
            reply.headOnly();
            close();
            return;
          }
          openReply();
          shown = at;
          begun = true;
          atBegin.run();
          reply.write(Events.position(at));
          // How long rows let wait for them is nothing that the server took.
          exchange.waitsForClient();
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
            refuse(
                refused ->
                    refused.problem(
                        Problem.of(
                            ErrorCode.ESC156,
                            "What was stored behind this position is not kept any more",
                            "Listen without Last-Event-ID, and then read what is there."))));
  }

  @Override
  public void unavailable() {
    onLoop(this::later);
  }

  /** Whether rows were told, or would have been. */
  boolean hasBegun() {
    return begun;
  }

  /** The server stops; who listens goes on at another instance. */
  void stop() {
    Problem stops = Problem.of(ErrorCode.ESC002, "The server stops", "Another one answers.");
    onLoop(() -> refuse(refused -> refused.problem(stops, RETRY_AFTER_SECONDS)));
  }

  private void beat() {
    if (!isStillKnown() || reply.isFull()) {
      return;
    }
    if (begun && portion == null && !tail().position().equals(shown)) {
      shown = tail().position();
      reply.write(Events.position(shown));
    } else {
      reply.write(Events.heartbeat());
    }
  }

  /** False where what the client showed does not hold any more: then it has ended. */
  private boolean isStillKnown() {
    if (!exchange.caller().validity().holdsAt(Instant.now())) {
      end();
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
      end(); // who comes again is told why
    } else {
      next += keys.size();
      most = Math.min(mostKeys(), most * 2);
      shown = null;
      Buffer events = Events.of(told, keys, held.body());
      if (events.length() > 0) {
        reply.write(events);
      }
      reply.whenTaken(this::goOn);
    }
  }

  private void again() {
    timer = vertx.setTimer(AGAIN_MILLIS, ignored -> goOn());
  }

  /** Reads the rows of these keys as who listens. */
  private void ask(List<StoredKey> keys, Consumer<Held> then) {
    AnswerRoom room = exchange.room();
    HeldReply held = new HeldReply(keys.size() == 1 ? Integer.MAX_VALUE : MOST_BYTES, room);
    reading = held;
    source.read(exchange.asking(query.question(keys.stream().map(StoredKey::text).toList()), held));
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
      later();
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
    reply.close();
    vertx.cancelTimer(timer);
    if (tail != null) {
      tail.close();
    }
    if (reading != null) {
      reading.abandon();
    }
    atEnd.accept(this);
  }
}
