package dev.escala.serve.columnar;

import dev.escala.config.Heap;
import dev.escala.http.coding.ZstdLibrary;
import dev.escala.query.ColumnType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as a file of Apache Parquet that belongs to a table of files: its columns have the
 * ids of that table, and its pages are packed with zstd. Of one thread.
 */
public final class ParquetFile {
  /** Values of a group; readers take one group at a time. */
  private static final int GROUP_OCTETS = (int) Heap.part(32, 16 << 20);

  private static final int MOST_GROUP_ROWS = 1 << 20;
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final Gathered gathered;
  private final ParquetFooter footer;
  private long position;
  private long rows;

  /**
   * A column.
   *
   * @param id that the table has for it
   * @param elementId that the table has for the elements of its lists; 0 where it has none
   */
  public record Field(String name, ColumnType type, int id, int elementId) {}

  /** A file that is complete. */
  public record Written(long rows, long octets) {}

  /** Begins a file; the stream is the caller's, and is not closed. */
  public ParquetFile(List<Field> fields, OutputStream out) throws IOException {
    List<Column> columns =
        fields.stream()
            .map(each -> new Column(each.name(), each.type(), each.id(), each.elementId()))
            .toList();
    this.out = out;
    gathered = new Gathered(columns);
    footer = new ParquetFooter(columns);
    write(MAGIC, MAGIC.length);
  }

  /**
   * Takes a row.
   *
   * @param row a value for each column, as the driver of reads gives it: Boolean, Short, Integer,
   *     Long, Float, Double, String (also of decimals and times), Buffer, LocalDate, LocalDateTime,
   *     OffsetDateTime, or an array of these
   * @throws dev.escala.serve.rows.UnfitValue if a value has no place in its column
   */
  public void add(@Nullable Object[] row) throws IOException {
    if (gathered.size() >= GROUP_OCTETS || gathered.rows() == MOST_GROUP_ROWS) {
      group();
    }
    int _ = gathered.add(place -> row[place]);
    rows++;
  }

  private void group() throws IOException {
    for (Vector vector : gathered.vectors()) {
      ParquetPage page = ParquetPage.of(vector);
      byte[] packed =
          ZstdLibrary.packed(Arrays.copyOf(page.octets().array(), page.octets().length()));
      byte[] head = page.head(packed.length);
      int length = head.length + packed.length;
      footer.packed(position, length, head.length + page.octets().length(), page.values());
      write(head, head.length);
      write(packed, packed.length);
    }
    footer.group(gathered.rows());
    gathered.clear();
  }

  private void write(byte[] written, int length) throws IOException {
    out.write(written, 0, length);
    position += length;
  }

  /** Writes the rest; without it there is no file. */
  public Written end() throws IOException {
    if (gathered.rows() > 0) {
      group();
    }
    byte[] last = footer.octets();
    Octets length = new Octets();
    length.fourOctets(last.length);
    write(last, last.length);
    write(length.array(), length.length());
    write(MAGIC, MAGIC.length);
    return new Written(rows, position);
  }
}
