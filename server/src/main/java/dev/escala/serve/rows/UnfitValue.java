package dev.escala.serve.rows;

/** A value has no place in its column of an answer. */
public final class UnfitValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Of a column.
   *
   * @param reason what there is no place for, as "an infinite date"
   */
  public UnfitValue(String column, String reason) {
    super("The column \"%s\" has %s".formatted(column, reason), null, false, false);
  }
}
