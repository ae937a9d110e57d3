package dev.escala.publish;

/** A value of a file that is none; its message names the column and says why. */
final class UnreadableValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableValue(String column, String why) {
    super("in the column '%s' %s".formatted(column, why));
  }
}
