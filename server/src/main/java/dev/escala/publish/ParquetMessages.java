package dev.escala.publish;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnProjection;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Rows of Apache Parquet as objects with the names of its columns, some pages at a time. */
final class ParquetMessages implements Messages, Closeable {
  private static final String MALFORMED = "what it says of itself is malformed";

  /** What is held of each column is made for so many rows, some of them at once. */
  private static final int MOST_ROWS = 1024;

  private static final long BATCH_OCTETS = 4 << 20;

  /** Held, or its level is forgotten. It tells on standard error what it was built without. */
  private static final Logger LIBRARY = Logger.getLogger("dev.hardwood");

  static {
    LIBRARY.setLevel(Level.WARNING);
  }

  private final ParquetFileReader file;
  private final ColumnReaders columns;
  private final ParquetRows rows;
  private final long end;
  private volatile long row;

  private ParquetMessages(InputFile input, ParquetFileReader file) throws IOException, FileRefused {
    FileMetaData metaData = file.getFileMetaData();
    ParquetFooter.require(input, metaData.rowGroups(), file.getFileSchema().getColumnCount());
    this.file = file;
    this.columns =
        file.buildColumnReaders(ColumnProjection.all()).batchSize(batchRows(metaData)).build();
    this.rows = new ParquetRows(file.getFileSchema().getRootNode(), columns);
    this.end = metaData.rowGroups().stream().mapToLong(RowGroup::numRows).sum();
  }

  /** Fewer where rows are large; the library's own reader of rows holds them by the 100,000. */
  private static int batchRows(FileMetaData metaData) {
    long rows = MOST_ROWS;
    for (RowGroup group : metaData.rowGroups()) {
      long octets =
          group.columns().stream().mapToLong(c -> c.metaData().totalUncompressedSize()).sum();
      rows = Math.min(rows, BATCH_OCTETS / Math.max(1, octets / Math.max(1, group.numRows())));
    }
    return (int) Math.max(1, rows);
  }

  /**
   * Reads the end of the file, which says what is in it.
   *
   * @throws FileRefused where it is no Parquet, or none that can be read here
   */
  static ParquetMessages open(Path path) throws IOException, FileRefused {
    InputFile input = new ParquetInput(InputFile.of(path));
    ParquetFileReader file;
    try {
      file = ParquetFileReader.open(input);
    } catch (IOException | RuntimeException | StackOverflowError broken) {
      throw new FileRefused("is no Parquet that can be read: " + told(broken));
    }
    try {
      return new ParquetMessages(input, file);
    } catch (IOException | RuntimeException broken) {
      file.close();
      throw new FileRefused("is no Parquet that can be read: " + told(broken));
    } catch (FileRefused refused) {
      file.close();
      throw refused;
    }
  }

  /** How much of it was read, from 0 to 1, for any thread. */
  double share() {
    return end == 0 ? 1 : (double) row / end;
  }

  /** One thread reads. */
  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate")
  public @Nullable String next() throws FileRefused {
    if (row == end) {
      return null;
    }
    try {
      String next = rows.next();
      if (next == null) {
        throw new FileRefused("ends behind row %,d of %,d".formatted(row, end));
      }
      row++;
      return next;
    } catch (UnreadableValue value) {
      throw new FileRefused("has in row %,d %s".formatted(row + 1, value.getMessage()));
    } catch (RuntimeException broken) {
      // Whatever the library, and what it unpacks with, makes of octets that are none of a file.
      throw new FileRefused("cannot be read behind row %,d: %s".formatted(row, told(broken)));
    }
  }

  /** Without the name of the file in brackets, which the reader is told anyway. */
  private static String told(Throwable broken) {
    Throwable cause = broken;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case NullPointerException _, IndexOutOfBoundsException _, ClassCastException _ -> MALFORMED;
      case NegativeArraySizeException _, StackOverflowError _ -> MALFORMED;
      default -> String.valueOf(cause.getMessage()).replaceFirst("^\\[[^\\]]*\\] ", "");
    };
  }

  @Override
  public void close() throws IOException {
    columns.close();
    file.close();
  }
}
