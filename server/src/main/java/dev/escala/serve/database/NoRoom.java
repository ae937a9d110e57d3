package dev.escala.serve.database;

/** There is no room in memory for what an answer holds while it is made. */
public final class NoRoom extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NoRoom() {
    super("no room for the answer", null, false, false);
  }
}
