package dev.escala.serve.sql;

import dev.escala.catalog.OutputKind;
import dev.escala.query.SqlStatement.OutputColumn;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.util.List;

/** The columns of a result that nobody knew before. */
final class SqlColumns {

  private SqlColumns() {}

  static List<OutputColumn> of(List<ColumnDescriptor> columns) {
    return columns.stream().map(column -> new OutputColumn(column.name(), kind(column))).toList();
  }

  /** By the driver's name of the type; of enums and other types of users it knows none. */
  private static OutputKind kind(ColumnDescriptor column) {
    return switch (column.typeName()) {
      case "BOOL" -> OutputKind.BOOLEAN;
      case "INT2", "INT4", "INT8" -> OutputKind.INTEGER;
      case "FLOAT4", "FLOAT8", "NUMERIC" -> OutputKind.NUMBER;
      case "TEXT", "VARCHAR", "BPCHAR", "NAME" -> OutputKind.TEXT;
      case "UUID" -> OutputKind.UUID;
      case "TIMESTAMPTZ" -> OutputKind.TIMESTAMPTZ;
      case "TIMESTAMP" -> OutputKind.TIMESTAMP;
      case "DATE" -> OutputKind.DATE;
      case "JSON", "JSONB" -> OutputKind.JSON;
      default -> OutputKind.CONVERTED;
    };
  }
}
