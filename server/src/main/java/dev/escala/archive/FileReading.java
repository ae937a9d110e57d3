package dev.escala.archive;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowGroupPredicate;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file back, with another library than it was written with: its rows, and what of each
 * column.
 */
final class FileReading {
  private final List<ArchiveColumn> columns;
  private final RowSum sum;
  private final List<ColumnFacts> facts = new ArrayList<>();
  private final List<Long> groups = new ArrayList<>();

  /** Of a file that has these columns, in this order. */
  FileReading(List<ArchiveColumn> columns) {
    this.columns = columns;
    this.sum = new RowSum(columns);
    columns.forEach(column -> facts.add(new ColumnFacts()));
  }

  /** What is known of one column. */
  static final class ColumnFacts {
    long octets;
    long values;
    long nulls;
    long nans;
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;

    private void saw(ArchiveColumn column, @Nullable Object raw) {
      values++;
      switch (raw) {
        case null -> nulls++;
        case Double number when number.isNaN() -> nans++;
        case Float number when number.isNaN() -> nans++;
        case Number number when column.isOrdered() -> {
          least = Math.min(least, number.longValue());
          most = Math.max(most, number.longValue());
        }
        default -> {}
      }
    }

    boolean hasBounds() {
      return least <= most;
    }
  }

  RowSum sum() {
    return sum;
  }

  List<ColumnFacts> facts() {
    return facts;
  }

  /** Where each group of rows begins. */
  List<Long> groups() {
    return groups;
  }

  /** One group after the other: the library holds rows by the 100,000. */
  void read(InputFile input) throws IOException {
    try (ParquetFileReader file = ParquetFileReader.open(input)) {
      if (file.getFileSchema().getRootNode().children().size() != columns.size()) {
        throw new IOException(input.name() + " has other columns than were written");
      }
      for (RowGroup group : file.getFileMetaData().rowGroups()) {
        groups.add(begin(group));
        for (int i = 0; i < columns.size(); i++) {
          facts.get(i).octets += group.columns().get(i).metaData().totalCompressedSize();
        }
      }
      for (int i = 0; i < groups.size(); i++) {
        long end = i + 1 < groups.size() ? groups.get(i + 1) : input.length();
        try (RowReader rows =
            file.buildRowReader().filter(RowGroupPredicate.byteRange(groups.get(i), end)).build()) {
          while (rows.hasNext()) {
            rows.next();
            row(rows);
          }
        }
      }
    }
  }

  private static long begin(RowGroup group) {
    long begin = Long.MAX_VALUE;
    for (ColumnChunk chunk : group.columns()) {
      begin = Math.min(begin, chunk.metaData().dataPageOffset());
    }
    return begin;
  }

  private void row(RowReader rows) {
    for (int i = 0; i < columns.size(); i++) {
      ArchiveColumn column = columns.get(i);
      ColumnFacts fact = facts.get(i);
      if (rows.isNull(i)) {
        value(column, fact, null);
      } else if (column.type().isList()) {
        PqList list = rows.getList(i);
        sum.length(list.size());
        for (int j = 0; j < list.size(); j++) {
          value(column, fact, list.isNull(j) ? null : list.getRaw(j));
        }
      } else {
        value(column, fact, rows.getRawValue(i));
      }
    }
    sum.end();
  }

  private void value(ArchiveColumn column, ColumnFacts fact, @Nullable Object raw) {
    fact.saw(column, raw);
    sum.value(column, raw == null ? null : StoredValue.printed(column.type(), raw));
  }
}
