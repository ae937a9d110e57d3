package dev.escala.model;

/** What a message ended in: exactly one of these. */
public sealed interface Outcome {
  Outcome STORED = new Stored();
  Outcome DUPLICATE = new Duplicate();

  /** It is a row, committed. */
  record Stored() implements Outcome {}

  /** A row with its key was there before, or came earlier in the same batch. */
  record Duplicate() implements Outcome {}

  /** It is a dead letter, committed. */
  record Rejected(Rejection rejection) implements Outcome {}

  /** It is not stored through no fault of its own, and belongs to the source again. */
  record Returned(ReturnReason reason) implements Outcome {}
}
