package dev.escala.serve.database;

/** A role that the database would take for none. */
final class UnknownRole extends Exception {
  private static final long serialVersionUID = 1L;

  UnknownRole() {
    super("unknown role", null, false, false);
  }
}
