package dev.escala.store;

import dev.escala.decode.ColumnChange;
import dev.escala.decode.TableColumns;
import java.util.List;

/** Knows the columns of the table of one topic, and changes them. Safe for several instances. */
public interface TableShape {

  /**
   * The columns as last read.
   *
   * @throws StoreException where the database does not answer or the table does not fit
   */
  TableColumns columns();

  /**
   * Creates the table where it is missing and applies what is possible of the changes; a change
   * that would lose something or take long is left out. Answers the columns as they are then.
   *
   * @throws StoreException where the database does not answer or refuses
   */
  TableColumns evolve(List<ColumnChange> changes);

  /** Forgets what was read: somebody else changed the table. */
  void invalidate();
}
