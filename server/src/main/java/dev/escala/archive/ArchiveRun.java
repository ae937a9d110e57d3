package dev.escala.archive;

import dev.escala.decode.Maintenance;
import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observation.PartArchived;
import dev.escala.observe.Observer;
import dev.escala.serve.columnar.ParquetFile;
import dev.escala.serve.rows.RowWriter.ChangedType;
import dev.escala.serve.rows.UnfitValue;
import dev.escala.store.ArchivePart;
import dev.escala.store.ArchivePart.Step;
import dev.escala.store.ArchiveStore;
import dev.escala.store.ArchiveStore.PartColumn;
import dev.escala.store.ArchiveStore.Parts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the closed partitions of one topic to its archive. Each step is noted before the next, and
 * can be done again: whoever comes after one that was killed goes on where that one was.
 */
final class ArchiveRun {
  private static final int BUFFER_OCTETS = 64 << 10;

  /** Rows that come late begin it anew; those that always do may wait for the next time. */
  private static final int MOST_GENERATIONS = 3;

  private final ArchiveStore store;
  private final ArchiveTables tables;
  private final TopicSettings topic;
  private final Observer observer;

  ArchiveRun(ArchiveStore store, ArchiveTables tables, TopicSettings topic, Observer observer) {
    this.store = store;
    this.tables = tables;
    this.topic = topic;
    this.observer = observer;
  }

  /**
   * Does all that is due.
   *
   * @return how many partitions are archived and gone; empty where another instance is at it
   * @throws IOException where the object storage or the catalogue fails, or the file is not what
   *     the partition is
   */
  Optional<Integer> all() throws IOException {
    return store.alone(this::all);
  }

  private int all(Parts parts) throws IOException {
    int dropped = 0;
    for (ArchivePart part : due(parts, topic)) {
      if (Thread.currentThread().isInterrupted()) {
        return dropped;
      }
      if (archive(parts, part).step() == Step.DROPPED) {
        dropped++;
      }
    }
    return dropped;
  }

  /** What there is to do. */
  static List<ArchivePart> due(Parts parts, TopicSettings topic) {
    Maintenance maintenance = topic.maintenance();
    return parts.closed(maintenance.archive().orElseThrow().after(), maintenance.retain()).stream()
        .filter(part -> part.step() != Step.COMMITTED || part.isOver())
        .toList();
  }

  private ArchivePart archive(Parts parts, ArchivePart found) throws IOException {
    int last = found.generation() + MOST_GENERATIONS;
    ArchivePart part = found;
    while (part.generation() < last) {
      switch (part.step()) {
        case FOUND -> part = parts.begin(part);
        case WRITING -> part = written(parts, part);
        case WRITTEN -> part = committed(parts, part);
        case COMMITTED -> {
          if (!part.isOver()) {
            return part;
          }
          part = dropped(parts, part);
        }
        case DROPPED -> {
          return part;
        }
      }
    }
    return part;
  }

  private ArchivePart written(Parts parts, ArchivePart part) throws IOException {
    List<PartColumn> columns = parts.columns(part);
    List<ArchiveColumn> typed = columns.stream().map(ArchiveColumn::of).toList();
    ArchiveTable table = ArchiveSchema.table(tables, typed);
    String place = table.place(part);
    RowSum sum = new RowSum(typed);
    ParquetFile.Written file;
    // What is there of one who was killed is replaced: it is in no table yet.
    try (OutputStream out =
        new BufferedOutputStream(
            table.files().newOutputFile(place).createOrOverwrite(), BUFFER_OCTETS)) {
      ParquetFile writing = new ParquetFile(table.fields(typed), out);
      parts.read(part, columns, row -> writing.add(values(typed, sum, row)));
      file = writing.end();
    } catch (UnfitValue | ChangedType unfit) {
      throw new IOException("%s: %s".formatted(part.name(), unfit.getMessage()), unfit);
    }
    ArchivePart written =
        part.written(
            file.rows() == 0 ? null : place,
            file.rows(),
            file.octets(),
            columns.toString(),
            sum.toString());
    parts.note(written);
    return written;
  }

  private static @Nullable Object[] values(
      List<ArchiveColumn> columns, RowSum sum, @Nullable String[] row) {
    sum.addPrinted(row);
    @Nullable Object[] values = new Object[row.length];
    for (int i = 0; i < row.length; i++) {
      String text = row[i];
      values[i] = text == null ? null : PrintedValue.of(columns.get(i), text);
    }
    return values;
  }

  private ArchivePart committed(Parts parts, ArchivePart part) throws IOException {
    List<PartColumn> columns = parts.columns(part);
    if (parts.hasChanged(part) || !columns.toString().equals(part.columns())) {
      return parts.again(part);
    }
    List<ArchiveColumn> typed = columns.stream().map(ArchiveColumn::of).toList();
    ArchiveTable table = ArchiveSchema.table(tables, typed);
    FileReading read = readBack(parts, part, typed, table);
    RowSum stands = new RowSum(typed);
    parts.read(part, columns, stands::addPrinted);
    if (!read.sum().toString().equals(stands.toString())) {
      boolean hasChanged = parts.hasChanged(part);
      ArchivePart anew = parts.again(part);
      if (hasChanged) {
        return anew;
      }
      throw new IOException(
          "%s did not hold the rows of %s: %s in place of %s"
              .formatted(part.file(), part.name(), read.sum(), stands));
    }
    table.commit(part, typed, read);
    ArchivePart committed = part.at(Step.COMMITTED);
    parts.note(committed);
    observer.observed(
        new PartArchived(topic.topic(), committed.rows(), committed.bytes(), committed.name()));
    return committed;
  }

  /** What cannot be read is written anew by the next round. */
  private static FileReading readBack(
      Parts parts, ArchivePart part, List<ArchiveColumn> columns, ArchiveTable table)
      throws IOException {
    FileReading read = new FileReading(columns);
    if (part.file() != null) {
      try {
        read.read(new ArchivedInput(table.files().newInputFile(part.file())));
      } catch (IOException | RuntimeException unreadable) {
        var _ = parts.again(part);
        throw unreadable;
      }
    }
    return read;
  }

  private ArchivePart dropped(Parts parts, ArchivePart part) throws IOException {
    List<ArchiveColumn> columns = parts.columns(part).stream().map(ArchiveColumn::of).toList();
    if (!ArchiveSchema.table(tables, columns).has(part)) {
      throw new IOException(
          "the table of the archive does not have %s any more".formatted(part.file()));
    }
    return parts.drop(part) ? part.at(Step.DROPPED) : parts.again(part);
  }
}
