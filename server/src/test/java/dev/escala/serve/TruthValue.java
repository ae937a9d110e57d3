package dev.escala.serve;

/** What SQL knows of a condition; the order is that of {@code AND}: the least one wins. */
enum TruthValue {
  FALSE,
  UNKNOWN,
  TRUE;

  static TruthValue of(boolean known) {
    return known ? TRUE : FALSE;
  }

  TruthValue and(TruthValue other) {
    return compareTo(other) < 0 ? this : other;
  }

  TruthValue or(TruthValue other) {
    return compareTo(other) > 0 ? this : other;
  }

  TruthValue not() {
    return switch (this) {
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
      case TRUE -> FALSE;
    };
  }
}
