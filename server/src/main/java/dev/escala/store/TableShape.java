package dev.escala.store;

import dev.escala.decode.ColumnChange;
import dev.escala.decode.TableColumns;
import java.util.List;

/** Knows the columns of the table of one topic, and changes them. Safe for several instances. */
public interface TableShape {

  /**
   * The columns as last read; those that the table lacks before rows can be written are among them.
   *
   * @throws StoreException where the database does not answer or the table does not fit
   */
  TableColumns columns();

  /**
   * One try to create the table where it is missing and to apply what is possible of the changes; a
   * change that would lose something or take long is left out. Answers the columns as they are
   * then. Whoever uses the table is held up for a moment only.
   *
   * @throws StoreException where the database does not answer or refuses; with the reason {@code
   *     TABLE_LOCKED} where others use the table for longer than that moment
   */
  TableColumns evolve(List<ColumnChange> changes);

  /** Forgets what was read: somebody else changed the table. */
  void invalidate();
}
