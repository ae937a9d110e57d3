package dev.escala.store;

import dev.escala.model.ReturnReason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows cannot be stored now, through no fault of a message; the messages go back. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final ReturnReason reason;
  private final String sqlStateClass;
  private final @Nullable Shortage shortage;

  /**
   * The detail is one sentence without values of rows.
   *
   * @param sqlStateClass the first two characters of the SQLSTATE, empty where there is none
   */
  public StoreException(ReturnReason reason, String sqlStateClass, String detail) {
    this(reason, sqlStateClass, detail, null);
  }

  /** The same, where the server of the database has too little of something. */
  public StoreException(
      ReturnReason reason, String sqlStateClass, String detail, @Nullable Shortage shortage) {
    super(detail);
    this.reason = reason;
    this.sqlStateClass = sqlStateClass;
    this.shortage = shortage;
  }

  public ReturnReason reason() {
    return reason;
  }

  public String sqlStateClass() {
    return sqlStateClass;
  }

  public Optional<Shortage> shortage() {
    return Optional.ofNullable(shortage);
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
