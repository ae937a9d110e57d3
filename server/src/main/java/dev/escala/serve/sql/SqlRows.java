package dev.escala.serve.sql;

import dev.escala.http.AnswerRoom;
import dev.escala.serve.database.SqlSettings;
import dev.escala.serve.rows.AnswerWriter;
import dev.escala.serve.rows.Bytes;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.Optional;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** The rows of an answer to SQL, up to its limits. */
final class SqlRows {
  private static final int FIRST_BYTES = 4096;
  private static final int FREE_BYTES = 64 << 10;
  private static final String NO_ROOM = "memory";

  private final AnswerWriter writer;
  private final int columns;
  private final SqlSettings limits;
  private final AnswerRoom room;
  private Bytes out = new Bytes(FIRST_BYTES);
  private int roomTaken;

  /** Octets of what was taken so far. */
  private long length;

  private int rows;
  private @Nullable String reached;

  SqlRows(AnswerWriter writer, int columns, SqlSettings limits, AnswerRoom room) {
    this.writer = writer;
    this.columns = columns;
    this.limits = limits;
    this.room = room;
    writer.open(out);
    length = out.length();
  }

  /**
   * Takes room for what is held by now, but for what every answer may have; forgets all where there
   * is none.
   */
  private void takeRoom() {
    int more = held() - roomTaken;
    if (held() <= FREE_BYTES || more <= 0) {
      return;
    }
    if (room.take(more)) {
      roomTaken += more;
    } else {
      reached = NO_ROOM;
      out = new Bytes(0);
    }
  }

  private int held() {
    return out.length() + writer.held();
  }

  /** Whether nothing is answered, as there is no room for it. */
  boolean findNoRoom() {
    return NO_ROOM.equals(reached);
  }

  /** Behind the columns stands whether the database gave the row, or held it back as too large. */
  private void accept(Row row) {
    if (reached != null) {
      return;
    }
    if (!row.getBoolean(columns)) {
      reached = "bytes";
      return;
    }
    if (rows == limits.maxRows()) {
      reached = "rows";
      return;
    }
    int octets = writer.row(out, row, rows == 0);
    if (length + octets > limits.maxBytes()) {
      writer.drop(out, octets);
      reached = "bytes";
    } else {
      length += octets;
      rows++;
    }
    takeRoom();
  }

  /** The limit at which rows were left out: {@code rows} or {@code bytes}. */
  Optional<String> truncated() {
    return Optional.ofNullable(reached);
  }

  /** The value of {@code Content-Range}. */
  String range() {
    return rows == 0 ? "*/*" : "0-" + (rows - 1) + "/*";
  }

  Buffer body() {
    writer.close(out);
    return out.toBuffer();
  }

  Collector<Row, SqlRows, SqlRows> collector() {
    return Collector.of(
        () -> this,
        SqlRows::accept,
        (left, right) -> left,
        Collector.Characteristics.IDENTITY_FINISH);
  }
}
