package dev.escala.store;

import dev.escala.decode.Decoded;
import dev.escala.decode.TableColumns;
import dev.escala.model.Message;
import java.util.List;

/**
 * Stores the rows and the dead letters of one topic. The dead letter of a message that is stored,
 * or is a duplicate, is resolved with it.
 */
public interface TableWriter {

  /**
   * Stores all of them in one transaction: each item is stored, a duplicate or rejected, and
   * committed; or all are returned, where the database did not take them.
   *
   * @param columns with which the rows were decoded
   */
  Written write(TableColumns columns, List<Item> items);

  /** What {@link #write} would do now; it is done and taken back, so that nobody sees it. */
  Rehearsed rehearse(TableColumns columns, List<Item> items);

  /**
   * Returns where rows of these columns could be stored now, as far as can be seen without one.
   *
   * @throws StoreException where they could not
   */
  void probe(TableColumns columns);

  /** A message, and the row or the rejection that it became. */
  record Item(Message message, Decoded decoded) {
    public Item {
      if (decoded instanceof Decoded.NeedsChange) {
        throw new IllegalArgumentException("the table has to change before the message is written");
      }
    }
  }
}
