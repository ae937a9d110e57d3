package dev.escala.store.postgres;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnType.Kind;
import dev.escala.decode.Dedup;
import dev.escala.decode.Row;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.decode.TopicSettings.UnknownFields;
import dev.escala.model.SqlIdentifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows straight into their table by {@code COPY}: cheaper than a statement that looks for
 * duplicates, and refused as a whole where one row is a duplicate or does not fit.
 */
final class CopyStatement {
  /** What the driver is given at once. */
  private static final int PORTION = 1 << 20;

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int END = -1;

  private final String sql;
  private final List<Field> fields;

  /** A column of the format. */
  private record Field(String name, Kind kind, Function<Row, @Nullable Object> value) {}

  private CopyStatement(TopicSettings settings, List<Field> fields) {
    this.fields = fields;
    this.sql =
        "COPY %s (%s) FROM STDIN (FORMAT binary)"
            .formatted(
                TableCatalog.quoted(settings.table()),
                String.join(
                    ", ",
                    fields.stream().map(field -> SqlIdentifier.quote(field.name())).toList()));
  }

  /**
   * That of a table where it does all that the topic asks for.
   *
   * @return empty where keys are kept apart or versions compared, where listeners are told of rows,
   *     where columns have defaults, or types that have to be cast; and where rows are distributed:
   *     Citus does not say why it refuses a copy (XX000)
   */
  static Optional<CopyStatement> of(TopicSettings settings, TableColumns columns) {
    boolean apart =
        settings.dedup().versions()
            || settings.dedup().mode() == Dedup.Mode.WINDOW
            || settings.maintenance().distribution().byKey();
    boolean plain = columns.columns().stream().allMatch(CopyStatement::isPlain);
    if (apart || settings.tail() || !plain) {
      return Optional.empty();
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < columns.columns().size(); i++) {
      int position = i;
      Column column = columns.columns().get(i);
      fields.add(new Field(column.name(), column.type().kind(), row -> row.value(position)));
    }
    fields.add(new Field("_id", columns.uuidKey() ? Kind.UUID : Kind.TEXT, Row::key));
    fields.add(new Field("_event_time", Kind.TIMESTAMPTZ, Row::eventTime));
    fields.add(new Field("_source", Kind.TEXT, row -> row.source().label()));
    if (settings.unknownFields() == UnknownFields.KEEP) {
      fields.add(new Field("_extra", Kind.JSONB, Row::extra));
    }
    if (settings.issues()) {
      fields.add(new Field(TableCatalog.ISSUES, Kind.JSONB, Row::issues));
    }
    return Optional.of(new CopyStatement(settings, fields));
  }

  private static boolean isPlain(Column column) {
    return column.defaultSql() == null && column.type().kind() != Kind.OTHER;
  }

  /** Copies all of the rows; where that fails, none. */
  void copy(Connection connection, List<Row> rows) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
    try {
      BinaryOutput out = new BinaryOutput(PORTION + (PORTION >> 2)).octets(SIGNATURE);
      for (Row row : rows) {
        write(out, row);
        if (out.size() >= PORTION) {
          send(copy, out);
        }
      }
      out.int2(END);
      send(copy, out);
      long _ = copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private void write(BinaryOutput out, Row row) {
    out.int2(fields.size());
    for (Field field : fields) {
      BinaryArray.element(out, field.kind(), field.value().apply(row));
    }
  }

  private static void send(CopyIn copy, BinaryOutput out) throws SQLException {
    copy.writeToCopy(out.array(), 0, out.size());
    out.clear();
  }
}
