package dev.escala.model;

import java.util.Locale;

/** What a database is asked for; one server may be asked for both. */
public enum DatabaseRole {
  /** It is written to, and read from where there is no reader. */
  WRITER,
  /** It is read from: a replica, one of several behind one name, or another login. */
  READER;

  /** The value of the label {@code role}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
