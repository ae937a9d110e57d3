package dev.escala.store;

/**
 * What the server of a database has too little of, so that it stores nothing. It stores again as
 * soon as there is more; the texts are for people who can give it.
 */
public enum Shortage {
  DISK(
      "the disk of the database is full",
      "Free or add space on it; what waits is stored within seconds then."),
  MEMORY(
      "the server of the database has no memory left",
      "Give it more, or fewer connections and a smaller work_mem."),
  CONNECTIONS(
      "the server of the database takes no more connections",
      "Raise max_connections, or make the pools of its clients smaller."),
  OTHER("the server of the database is at one of its limits", "Its log says which.");

  private final String cause;
  private final String hint;

  Shortage(String cause, String hint) {
    this.cause = cause;
    this.hint = hint;
  }

  /** What is the matter, as the beginning of a sentence. */
  public String cause() {
    return cause;
  }

  /** What to do. */
  public String hint() {
    return hint;
  }
}
