package dev.escala.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/** An answer on its way: its head, then its body, whole or in pieces. Of the event loop. */
public interface Reply {

  MultiMap headers();

  /** Sets a header, in place of one that is there. */
  void header(CharSequence name, CharSequence value);

  int status();

  void status(int status);

  /** Says more than the usual phrase behind the status, where the protocol has one. */
  void phrase(String text);

  /** Whether head and status are out and cannot be changed. */
  boolean isBegun();

  /** Whether its end was written. */
  boolean isEnded();

  /** Whether nobody takes it any more. */
  boolean isClosed();

  /** What is done when nobody takes it any more, which may be after its end. */
  void onClose(Runnable action);

  /** The body will come in pieces, whose length nobody knows yet. */
  void inPieces();

  Future<Void> write(Buffer piece);

  Future<Void> end();

  Future<Void> end(Buffer last);

  /** Whether who asks has to take something before more is written. */
  boolean isFull();

  /** What is done when more may be written. */
  void onDrain(Runnable action);

  long bytesWritten();

  /** Forgets what was written of it; false where that is out already. */
  boolean startAgain();

  /** Ends it in the middle. */
  void breakOff();
}
