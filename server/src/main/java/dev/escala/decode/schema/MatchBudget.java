package dev.escala.decode.schema;

/**
 * The characters that regular expressions may look at while one message is checked. Whoever
 * publishes may send a text for which an expression of the schema would try for years.
 */
final class MatchBudget {
  /** Of the message that this thread checks. */
  static final ScopedValue<MatchBudget> CURRENT = ScopedValue.newInstance();

  private static final long LEAST = 1_000_000;

  /** Most expressions look at each character a few times. */
  private static final long OF_EACH_BYTE = 50;

  private long left;

  /** For a message of so many bytes. */
  MatchBudget(long bytes) {
    this.left = LEAST + OF_EACH_BYTE * bytes;
  }

  /** One character more. */
  void take() {
    if (--left < 0) {
      throw new Spent();
    }
  }

  /** Nothing more is looked at: an expression went too deep. */
  void end() {
    left = -1;
  }

  boolean isSpent() {
    return left < 0;
  }

  /** Leaves an expression from its middle; never leaves this package. */
  static final class Spent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Spent() {
      super(null, null, false, false);
    }
  }
}
