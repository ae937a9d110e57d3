package dev.escala.source.kafka;

/** Bytes are no value of their schema; the message says what is wrong, as the end of a sentence. */
final class NotAvro extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotAvro(String what) {
    super(what, null, false, false);
  }
}
