package dev.escala.http;

import dev.escala.http.coding.Coding;
import dev.escala.http.coding.Encoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A body that is packed while its client takes it. In steps, between which the event loop does
 * other work, and none while the client takes nothing; so nothing but the encoder is held beside
 * what was given to it. Of one event loop.
 */
final class PackedBody {
  /** Half a millisecond of gzip. */
  static final int STEP_BYTES = 64 << 10;

  private final AnswerWay way;
  private final HttpServerResponse response;
  private final Coding coding;
  private final Encoder encoder;
  private final Deque<Given> waiting = new ArrayDeque<>();

  /** Of the first that waits. */
  private int packedOfFirst;

  private long bytesGiven;
  private boolean endGiven;
  private boolean resting;
  private boolean closed;
  private Runnable onStep = () -> {};
  private Runnable onDrain = () -> {};

  private record Given(Buffer octets, boolean isLast, Promise<Void> written) {}

  /** Nobody takes it any more. */
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken() {
      super("the answer has ended", null, false, false);
    }
  }

  /** Room for the encoder has been taken of the connection, and is given back. */
  PackedBody(AnswerWay way, Coding coding) {
    this.way = way;
    this.response = way.response();
    this.coding = coding;
    this.encoder = coding.encoder();
    response.drainHandler(
        ignored -> {
          way.pauses().end();
          goOn();
        });
  }

  /** What is done when the client has taken something of a piece. */
  void onStep(Runnable action) {
    onStep = action;
  }

  /** What is done, once, when more may be written. */
  void onDrain(Runnable action) {
    onDrain = action;
  }

  /** Packs and writes a piece, whose end the client sees soon; completes when that is written. */
  Future<Void> write(Buffer piece, boolean isLast) {
    if (closed) {
      return Future.failedFuture(new Broken());
    }
    Given given = new Given(piece, isLast, Promise.promise());
    bytesGiven += piece.length();
    endGiven |= isLast;
    waiting.add(given);
    if (waiting.size() == 1 && !resting) {
      step(given);
      rest();
    }
    return given.written().future();
  }

  /** Of the body as it is unpacked. */
  long bytesGiven() {
    return bytesGiven;
  }

  /** Whether nothing more will be given, though some of it may still be packed. */
  boolean isEndGiven() {
    return endGiven;
  }

  boolean isFull() {
    return !waiting.isEmpty() || response.writeQueueFull();
  }

  boolean isWorking() {
    return !waiting.isEmpty() && !response.writeQueueFull();
  }

  private void step(Given given) {
    int from = packedOfFirst;
    int to = Math.min(from + STEP_BYTES, given.octets().length());
    byte[] piece = given.octets().getBytes(from, to);
    if (to < given.octets().length()) {
      packedOfFirst = to;
      put(encoder.pack(piece, Encoder.Then.MORE)).onSuccess(ignored -> onStep.run());
      return;
    }
    waiting.remove();
    packedOfFirst = 0;
    if (given.isLast()) {
      Buffer end = Buffer.buffer(encoder.pack(piece, Encoder.Then.END));
      close();
      response.end(end).onComplete(given.written());
    } else {
      put(encoder.pack(piece, Encoder.Then.LATER)).onComplete(given.written());
    }
  }

  private Future<Void> put(byte[] packed) {
    return packed.length == 0 ? Future.succeededFuture() : response.write(Buffer.buffer(packed));
  }

  /** Lets others have the event loop before the next step, or waits for the client. */
  private void rest() {
    if (waiting.isEmpty() || resting || closed) {
      return;
    }
    if (response.writeQueueFull()) {
      way.pauses().begin();
    } else {
      resting = true;
      way.context()
          .runOnContext(
              ignored -> {
                resting = false;
                goOn();
              });
    }
  }

  private void goOn() {
    Given first = waiting.peek();
    if (first != null && !resting && !response.writeQueueFull()) {
      step(first);
    }
    rest();
    if (!closed && !isFull()) {
      Runnable action = onDrain;
      onDrain = () -> {};
      action.run();
    }
  }

  /** Gives the memory back; what waits still will not be written. */
  void close() {
    if (!closed) {
      closed = true;
      encoder.close();
      way.connection().packed(way.client(), coding.encoderBytes());
      waiting.forEach(given -> given.written().tryFail(new Broken()));
      waiting.clear();
    }
  }
}
