package dev.escala.store.postgres;

import dev.escala.model.SqlIdentifier;
import dev.escala.store.ArchiveStore.PartColumn;
import dev.escala.store.ArchiveStore.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** All rows of a partition as they are at one moment, one after the other, as texts. */
final class PartReading {
  /** So that each value has one text, which holds all of it. */
  private static final String PRINTED =
      """
      SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';
      SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'\
      """;

  private final Connection connection;
  private final String sql;
  private final int columns;

  PartReading(Connection connection, String part, List<PartColumn> columns) {
    this.connection = connection;
    this.columns = columns.size();
    String names =
        columns.stream()
            .map(column -> SqlIdentifier.quote(column.name()))
            .collect(Collectors.joining(", "));
    this.sql = "COPY (SELECT %s FROM ONLY %s) TO STDOUT".formatted(names, part);
  }

  void read(Rows rows) throws SQLException, IOException {
    connection.setAutoCommit(false);
    try {
      Sql.execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      Sql.execute(connection, PRINTED);
      CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
      try {
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
          rows.take(values(row));
        }
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** Of the text format of COPY: tabs between values, a line feed at the end. */
  private @Nullable String[] values(byte[] row) {
    @Nullable String[] values = new String[columns];
    int begin = 0;
    for (int i = 0; i < columns; i++) {
      int end = begin;
      boolean isEscaped = false;
      while (row[end] != '\t' && row[end] != '\n') {
        isEscaped |= row[end] == '\\';
        end++;
      }
      values[i] =
          isEscaped
              ? unescaped(row, begin, end)
              : new String(row, begin, end - begin, StandardCharsets.UTF_8);
      begin = end + 1;
    }
    return values;
  }

  private static @Nullable String unescaped(byte[] row, int begin, int end) {
    if (end - begin == 2 && row[begin + 1] == 'N') {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(end - begin);
    for (int i = begin; i < end; i++) {
      if (row[i] == '\\') {
        i++;
        out.write(
            switch (row[i]) {
              case 'b' -> '\b';
              case 'f' -> '\f';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              case 'v' -> 0x0b;
              default -> row[i];
            });
      } else {
        out.write(row[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
