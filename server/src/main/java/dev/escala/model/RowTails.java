package dev.escala.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells which rows were stored, to those who listen to a table. Safe for all threads. */
public interface RowTails {
  /** Where nobody notes what is stored. */
  RowTails NONE =
      new RowTails() {
        @Override
        public boolean has(String schema, String table) {
          return false;
        }

        @Override
        public Tail open(
            String schema, String table, @Nullable TailPosition from, Listener listener) {
          throw new IllegalStateException("nobody notes the rows of " + table);
        }
      };

  /** Whether rows that are stored in the table are noted. */
  boolean has(String schema, String table);

  /**
   * Begins to listen; returns at once.
   *
   * @param from behind which rows are told; null for what is stored from now on
   */
  Tail open(String schema, String table, @Nullable TailPosition from, Listener listener);

  /** Somebody who listens. */
  interface Tail extends AutoCloseable {
    /** What was told is done: the listener is told of more once there is more. */
    void more();

    /** All rows up to here were told, and done. */
    TailPosition position();

    /** Listens no more. */
    @Override
    void close();
  }

  /** What is told, from a thread that must not be held up, and nothing behind each other. */
  interface Listener {
    /** From here on rows are told, once {@link Tail#more} asks for them. */
    void begun(TailPosition at);

    /** Rows were stored. Nothing more is told before {@link Tail#more}. */
    void stored(Portion portion);

    /** What was stored behind the position is not kept any more; the end. */
    void gone();

    /** The database does not answer, and it has not begun; the end. */
    void unavailable();
  }

  /**
   * Rows that were stored.
   *
   * @param from behind which they are, with the state up to which
   * @param keys in the order in which they are to be given
   * @param after the position behind all of them
   */
  record Portion(TailPosition from, Snapshot upTo, List<StoredKey> keys, TailPosition after) {
    public Portion {
      keys = List.copyOf(keys);
    }

    /** The position behind one of the keys. */
    public TailPosition behind(StoredKey key) {
      return key.equals(keys.getLast())
          ? after
          : new TailPosition(from.seen(), upTo, key.note(), key.index());
    }
  }

  /**
   * The {@code _id} of a row.
   *
   * @param note in which it stands
   * @param index its place there, from 0
   */
  record StoredKey(String text, long note, int index) {}
}
