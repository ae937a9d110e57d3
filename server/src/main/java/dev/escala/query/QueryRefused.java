package dev.escala.query;

import org.jspecify.annotations.Nullable;

/** A request that cannot become SQL, with the error that the client gets. */
public final class QueryRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;

  private final int status;
  private final String code;
  private final @Nullable String details;
  private final @Nullable String hint;

  QueryRefused(
      int status, String code, String message, @Nullable String details, @Nullable String hint) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = details;
    this.hint = hint;
  }

  /** A query parameter that does not parse. */
  static QueryRefused syntax(String message, String details) {
    return new QueryRefused(BAD_REQUEST, "PGRST100", message, details, null);
  }

  /** What the dialect knows, but this server does not answer. */
  static QueryRefused unsupported(String what, String hint) {
    return new QueryRefused(
        BAD_REQUEST, "PGRST127", "Feature not implemented", what + " are not supported", hint);
  }

  static QueryRefused unknownColumn(String relation, String column, @Nullable String hint) {
    return new QueryRefused(
        BAD_REQUEST,
        "42703",
        "column %s.%s does not exist".formatted(relation, column),
        null,
        hint);
  }

  static QueryRefused notEmbedded(String name) {
    return new QueryRefused(
        BAD_REQUEST,
        "PGRST108",
        "'%s' is not an embedded resource in this request".formatted(name),
        null,
        "Verify that '%s' is included in the 'select' query parameter.".formatted(name));
  }

  static QueryRefused range(String details) {
    return new QueryRefused(416, "PGRST103", "Requested range not satisfiable", details, null);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** A code of the PostgREST dialect, or the SQLSTATE that the database would have answered. */
  public String code() {
    return code;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  public @Nullable String details() {
    return details;
  }

  public @Nullable String hint() {
    return hint;
  }
}
