package dev.escala.store;

import dev.escala.model.ReturnReason;

/** Rows cannot be stored now, through no fault of a message; the messages go back. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ReturnReason reason;
  private final String sqlStateClass;

  /**
   * The detail is one sentence without values of rows.
   *
   * @param sqlStateClass the first two characters of the SQLSTATE, empty where there is none
   */
  public StoreException(ReturnReason reason, String sqlStateClass, String detail) {
    super(detail);
    this.reason = reason;
    this.sqlStateClass = sqlStateClass;
  }

  public ReturnReason reason() {
    return reason;
  }

  public String sqlStateClass() {
    return sqlStateClass;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
