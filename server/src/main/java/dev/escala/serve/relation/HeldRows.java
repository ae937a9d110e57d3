package dev.escala.serve.relation;

import dev.escala.serve.rows.Bytes;
import dev.escala.serve.rows.RowWriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** The rows of an answer that is held whole, written as they come. */
final class HeldRows {
  private final RowWriter writer;
  private final Bytes bytes;
  private int count;
  private int largest;
  private @Nullable Row last;

  private HeldRows(RowWriter writer, int room) {
    this.writer = writer;
    bytes = new Bytes(room);
    writer.open(bytes);
  }

  /**
   * Collects rows.
   *
   * @param room octets to begin with
   */
  static Collector<Row, HeldRows, HeldRows> collector(RowWriter writer, int room) {
    return Collector.of(
        () -> new HeldRows(writer, room),
        HeldRows::add,
        (left, right) -> left,
        Collector.Characteristics.IDENTITY_FINISH);
  }

  private void add(Row row) {
    largest = Math.max(largest, writer.row(bytes, row, count == 0));
    last = row;
    count++;
  }

  int count() {
    return count;
  }

  /** Octets of the largest. */
  int largest() {
    return largest;
  }

  /** Null where there are none. */
  @Nullable Row last() {
    return last;
  }

  /** Writes what stands behind the last, and gives all away. */
  Buffer close() {
    writer.close(bytes);
    return bytes.toBuffer();
  }
}
