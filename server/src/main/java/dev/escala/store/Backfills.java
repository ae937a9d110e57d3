package dev.escala.store;

/** How far files were loaded into the tables of topics. */
public interface Backfills {
  /**
   * A file that is loaded, or was.
   *
   * @param messages so many from its beginning have their outcome, committed
   * @param ended whether these are all
   */
  record Reached(long messages, boolean ended) {
    public static final Reached NOTHING = new Reached(0, false);
  }

  /**
   * How far a file was loaded into a topic's table.
   *
   * @param file by which it is known again
   * @throws StoreException where the database does not answer
   */
  Reached reached(String topic, String file);

  /**
   * Notes how far it is.
   *
   * @throws StoreException where the database does not answer
   */
  void reached(String topic, String file, Reached reached);
}
