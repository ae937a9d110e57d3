package dev.escala.decode;

import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;

/** Leaves the decoder from any depth; never leaves the package. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Rejection rejection;

  private Refusal(Rejection rejection) {
    super(rejection.detail(), null, false, false);
    this.rejection = rejection;
  }

  static Refusal of(ReasonCode reason, String detail) {
    return new Refusal(Rejection.of(reason, detail));
  }

  static Refusal of(ReasonCode reason, String column, String detail) {
    return new Refusal(Rejection.of(reason, column, detail));
  }

  Rejection rejection() {
    return rejection;
  }
}
