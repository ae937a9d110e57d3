package dev.escala.serve.columnar;

import dev.escala.config.Heap;
import dev.escala.serve.rows.AnswerWriter;
import dev.escala.serve.rows.Bytes;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes rows as a file of Apache Parquet: groups of rows, then where each of them stands. */
final class ParquetWriter implements AnswerWriter {
  /**
   * Values of a group, on a heap of 512 MiB or more; it is written from one copy, and readers take
   * one group at a time.
   */
  private static final int GROUP_OCTETS = (int) Heap.part(64, 8 << 20);

  /** A page counts its rows, and one column of lists may have several values in each. */
  private static final int MOST_GROUP_ROWS = 1 << 20;

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private final Gathered gathered;
  private final ParquetFooter footer;
  private long position;

  ParquetWriter(List<Column> columns) {
    gathered = new Gathered(columns);
    footer = new ParquetFooter(columns);
  }

  @Override
  public void open(Bytes out) {
    out.octets(MAGIC);
    position = MAGIC.length;
  }

  @Override
  public int row(Bytes out, Row row, boolean first) {
    if (gathered.size() >= GROUP_OCTETS || gathered.rows() == MOST_GROUP_ROWS) {
      group(out);
    }
    return gathered.add(row);
  }

  @Override
  public void drop(Bytes out, int octets) {
    gathered.drop();
  }

  /** The group, its copy when it is written, and what the footer will say of those before it. */
  @Override
  public int held() {
    return 2 * gathered.size() + footer.size();
  }

  @Override
  public void close(Bytes out) {
    if (gathered.rows() > 0) {
      group(out);
    }
    byte[] written = footer.octets();
    Octets length = new Octets();
    length.fourOctets(written.length);
    out.octets(written);
    out.octets(length.array(), length.length());
    out.octets(MAGIC);
  }

  /** Without its footer it is no file. */
  @Override
  public byte[] brokenOff(String error) {
    return new byte[1];
  }

  private void group(Bytes out) {
    for (Vector vector : gathered.vectors()) {
      ParquetPage page = ParquetPage.of(vector);
      byte[] head = page.head();
      out.octets(head);
      out.octets(page.octets().array(), page.octets().length());
      int length = head.length + page.octets().length();
      footer.chunk(position, length, page.values());
      position += length;
    }
    footer.group(gathered.rows());
    gathered.clear();
  }
}
