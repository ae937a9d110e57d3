package dev.escala.store;

import dev.escala.decode.Decoded;
import dev.escala.decode.TableColumns;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import java.util.List;

/** Stores the rows and the dead letters of one topic, and the markers of its canary. */
public interface TableWriter {

  /**
   * Stores all of them in one transaction, and answers each item's outcome in order: stored,
   * duplicate or rejected, committed.
   *
   * @param columns with which the rows were decoded
   * @throws StoreException where nothing was stored, through no fault of a message
   */
  List<Outcome> write(TableColumns columns, List<Item> items);

  /**
   * Returns where rows of these columns could be stored now, as far as can be seen without one.
   *
   * @throws StoreException where they could not
   */
  void probe(TableColumns columns);

  /** A message, and the row, the rejection or the marker that it became. */
  record Item(Message message, Decoded decoded) {
    public Item {
      if (decoded instanceof Decoded.NeedsChange) {
        throw new IllegalArgumentException("the table has to change before the message is written");
      }
    }
  }
}
