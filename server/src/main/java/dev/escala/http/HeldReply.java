package dev.escala.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/**
 * The answer to a {@link Question}, held in memory: no more than its limit, and than there is room
 * for. What is longer is broken off like an answer that nobody takes any more.
 */
public final class HeldReply implements Reply {
  private final int mostBytes;
  private final AnswerRoom room;
  private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
  private final Promise<Held> held = Promise.promise();
  private Buffer body = Buffer.buffer();
  private Runnable onClose = () -> {};
  private int status = 200;
  private boolean ended;
  private boolean closed;

  /** An answer that is whole. */
  public record Held(int status, MultiMap headers, String body) {}

  /** Why there is none. */
  public enum Missing {
    /** It is longer than its limit. */
    TOO_LONG,
    /** Other answers take all the memory that there is. */
    NO_ROOM,
    /** It was broken off, or who asked has left. */
    BROKEN_OFF
  }

  /** There is no whole answer. */
  public static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;
    private final Missing why;

    NoAnswer(Missing why) {
      super(why.name(), null, false, false);
      this.why = why;
    }

    public Missing why() {
      return why;
    }
  }

  /**
   * For one answer.
   *
   * @param room to be given back when the answer is not needed any more
   */
  public HeldReply(int mostBytes, AnswerRoom room) {
    this.mostBytes = mostBytes;
    this.room = room;
  }

  /** The whole answer; fails with {@link NoAnswer}. */
  public Future<Held> answer() {
    return held.future();
  }

  /** Nobody waits for it any more. */
  public void abandon() {
    close(Missing.BROKEN_OFF);
  }

  private void close(Missing why) {
    if (!ended && !closed) {
      closed = true;
      onClose.run();
      held.tryFail(new NoAnswer(why));
    }
  }

  @Override
  public MultiMap headers() {
    return headers;
  }

  @Override
  public void header(CharSequence name, CharSequence value) {
    headers.set(name, value);
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public void status(int code) {
    status = code;
  }

  /** Nobody reads it. */
  @Override
  public void phrase(String text) {}

  @Override
  public boolean isBegun() {
    return ended;
  }

  @Override
  public boolean isEnded() {
    return ended;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void onClose(Runnable action) {
    onClose = action;
  }

  /** They are put together. */
  @Override
  public void inPieces() {}

  @Override
  public Future<Void> write(Buffer piece) {
    if (closed) {
      return Future.failedFuture(new NoAnswer(Missing.BROKEN_OFF));
    }
    if (body.length() + (long) piece.length() > mostBytes) {
      close(Missing.TOO_LONG);
    } else if (room.take(piece.length())) {
      body.appendBuffer(piece);
    } else {
      close(Missing.NO_ROOM);
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    if (!closed) {
      ended = true;
      held.tryComplete(new Held(status, headers, body.toString()));
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end(Buffer last) {
    return write(last).compose(ignored -> end());
  }

  @Override
  public boolean isFull() {
    return false;
  }

  /** Never is it full. */
  @Override
  public void onDrain(Runnable action) {}

  @Override
  public long bytesWritten() {
    return body.length();
  }

  @Override
  public boolean startAgain() {
    body = Buffer.buffer();
    return !ended && !closed;
  }

  @Override
  public void breakOff() {
    close(Missing.BROKEN_OFF);
  }
}
