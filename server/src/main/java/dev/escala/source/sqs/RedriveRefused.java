package dev.escala.source.sqs;

/** Dead letters of SQS cannot be moved: the message says why, and what to do. */
public final class RedriveRefused extends Exception {
  private static final long serialVersionUID = 1L;

  RedriveRefused(String message) {
    super(message);
  }
}
