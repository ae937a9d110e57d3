package dev.escala.embedded;

import java.io.Serial;

/** A part of the demo does not start; the sentence says why, and what to do about that part. */
final class CannotStart extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  CannotStart(String why, String advice) {
    super(why + "; " + advice);
  }

  CannotStart(String why, String advice, Throwable cause) {
    super(why + "; " + advice, cause);
  }
}
