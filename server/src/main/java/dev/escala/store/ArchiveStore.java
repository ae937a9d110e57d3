package dev.escala.store;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The partitions of a topic's table, for whoever takes them to the archive. */
public interface ArchiveStore {
  /**
   * Works where nobody else does, of all instances.
   *
   * @return empty where somebody else is at it
   * @throws StoreException where the database does not answer
   */
  <T> Optional<T> alone(Work<T> work) throws IOException;

  /** What is done with the partitions. */
  interface Work<T> {
    T with(Parts parts) throws IOException;
  }

  /**
   * A column of a partition.
   *
   * @param type as PostgreSQL writes it, such as {@code numeric(10,2)} or {@code text[]}
   */
  record PartColumn(String name, String type) {}

  /** Takes rows, one after the other. */
  interface Rows {
    /** A value for each column, as PostgreSQL prints it in UTC. */
    void take(@Nullable String[] row) throws IOException;
  }

  /** The partitions, and what is noted of them. All methods throw {@link StoreException}. */
  interface Parts {
    /**
     * Those whose span ended so long ago, the oldest first.
     *
     * @param retain how long rows stay after the end of their span; zero: until they are archived
     */
    List<ArchivePart> closed(Duration after, Duration retain);

    /** Notes changes of its rows from now on. */
    ArchivePart begin(ArchivePart part);

    /** The columns, by name. */
    List<PartColumn> columns(ArchivePart part);

    /**
     * Reads all rows as they are at one moment.
     *
     * @param columns of which there are values
     */
    void read(ArchivePart part, List<PartColumn> columns, Rows rows) throws IOException;

    /** Whether rows may have changed since {@link #begin} or {@link #again}. */
    boolean hasChanged(ArchivePart part);

    /** Notes a step. */
    void note(ArchivePart part);

    /** Notes changes anew, where the rows are to be read once more. */
    ArchivePart again(ArchivePart part);

    /**
     * Drops the partition where its rows and columns are still those that were written.
     *
     * @return whether it is gone
     */
    boolean drop(ArchivePart part);
  }
}
