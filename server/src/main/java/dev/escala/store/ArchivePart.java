package dev.escala.store;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A closed partition of a topic's table on its way to the archive.
 *
 * @param id of this way, by which its files are known
 * @param name of the partition, for SQL
 * @param from when its span begins
 * @param to when its span has ended
 * @param isOver whether its rows are no longer retained here, once they are in the archive
 * @param generation of the file, from 1 on
 * @param file that has its rows; null while there is none, and where there are no rows
 * @param columns that were written, each with its type
 * @param checksum of the rows, whatever their order
 */
public record ArchivePart(
    UUID id,
    String name,
    Instant from,
    Instant to,
    boolean isOver,
    Step step,
    int generation,
    @Nullable String file,
    long rows,
    long bytes,
    String columns,
    String checksum) {

  /** What was done last, and is noted. */
  public enum Step {
    /** Nothing, and nothing is noted. */
    FOUND,
    /** Changes of its rows are noted from now on. */
    WRITING,
    /** The file is complete. */
    WRITTEN,
    /** The file was read back, has what the partition has, and the table of the archive has it. */
    COMMITTED,
    /** The partition is gone. */
    DROPPED
  }

  /** With a complete file; without one where there are no rows. */
  public ArchivePart written(
      @Nullable String itsFile,
      long itsRows,
      long itsBytes,
      String itsColumns,
      String itsChecksum) {
    return new ArchivePart(
        id,
        name,
        from,
        to,
        isOver,
        Step.WRITTEN,
        generation,
        itsFile,
        itsRows,
        itsBytes,
        itsColumns,
        itsChecksum);
  }

  /** The next step. */
  public ArchivePart at(Step next) {
    return new ArchivePart(
        id, name, from, to, isOver, next, generation, file, rows, bytes, columns, checksum);
  }

  /** Once more, since there are other rows by now; the file that was written is replaced. */
  public ArchivePart again() {
    return new ArchivePart(
        id, name, from, to, isOver, Step.WRITING, generation + 1, null, 0, 0, "", "");
  }
}
