package dev.escala.serve.relation;

import dev.escala.serve.rows.Bytes;
import dev.escala.serve.rows.RowWriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** The rows of an answer that is held whole, written as they come. */
final class HeldRows {
  private static final int FIRST_BYTES = 1024;

  private final RowWriter writer;
  private final Bytes bytes = new Bytes(FIRST_BYTES);
  private int count;
  private int largest;
  private @Nullable Row last;

  private HeldRows(RowWriter writer) {
    this.writer = writer;
    writer.open(bytes);
  }

  static Collector<Row, HeldRows, HeldRows> collector(RowWriter writer) {
    return Collector.of(
        () -> new HeldRows(writer),
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
