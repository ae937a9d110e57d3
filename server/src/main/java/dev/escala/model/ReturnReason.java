package dev.escala.model;

import java.util.Locale;

/** Why a message went back to its source; the label {@code reason} of metrics. */
public enum ReturnReason {
  /** The database does not answer, or answers that it cannot serve now. */
  DATABASE_UNAVAILABLE,
  /** The table or the rights do not fit the configuration; a person has to act. */
  TABLE_MISCONFIGURED,
  /** The table has to change first, and others use it; all that fits is stored meanwhile. */
  TABLE_LOCKED,
  /** The process stops. */
  SHUTDOWN;

  private final String label = name().toLowerCase(Locale.ROOT);

  public String label() {
    return label;
  }
}
