package dev.escala.archive;

import dev.escala.query.ColumnType;
import dev.escala.store.ArchiveStore.PartColumn;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * A column of a partition as files have it.
 *
 * @param type of its values; what Iceberg has no type for that all engines read is a text, as
 *     PostgreSQL prints it
 */
record ArchiveColumn(String name, ColumnType type) {
  private static final String LIST = "[]";

  static ArchiveColumn of(PartColumn column) {
    boolean isList = column.type().endsWith(LIST);
    String element =
        isList ? column.type().substring(0, column.type().length() - LIST.length()) : column.type();
    String driver = driver(element.replaceFirst("\\(.*?\\)", "")) + (isList ? "_ARRAY" : "");
    return new ArchiveColumn(column.name(), ColumnType.of(driver, column.type()));
  }

  private static String driver(String sql) {
    return switch (sql) {
      case "boolean" -> "BOOL";
      case "smallint", "integer" -> "INT4";
      case "bigint" -> "INT8";
      case "real" -> "FLOAT4";
      case "double precision" -> "FLOAT8";
      case "numeric" -> "NUMERIC";
      case "bytea" -> "BYTEA";
      case "date" -> "DATE";
      case "timestamp without time zone" -> "TIMESTAMP";
      case "timestamp with time zone" -> "TIMESTAMPTZ";
      default -> "TEXT";
    };
  }

  /** The type in the table of the archive; ids of elements are given by the table. */
  Type iceberg() {
    return type.isList() ? Types.ListType.ofOptional(1, scalar()) : scalar();
  }

  private Type.PrimitiveType scalar() {
    return switch (type.scalar()) {
      case BOOLEAN -> Types.BooleanType.get();
      case INT2, INT4 -> Types.IntegerType.get();
      case INT8 -> Types.LongType.get();
      case FLOAT4 -> Types.FloatType.get();
      case FLOAT8 -> Types.DoubleType.get();
      case DECIMAL -> Types.DecimalType.of(type.precision(), type.scale());
      case TEXT, TIME -> Types.StringType.get();
      case BYTES -> Types.BinaryType.get();
      case DATE -> Types.DateType.get();
      case TIMESTAMP -> Types.TimestampType.withoutZone();
      case TIMESTAMPTZ -> Types.TimestampType.withZone();
    };
  }

  /** Whether the values are kept as numbers whose order is that of the values. */
  boolean isOrdered() {
    return !type.isList()
        && switch (type.scalar()) {
          case INT2, INT4, INT8, DATE, TIMESTAMP, TIMESTAMPTZ -> true;
          case BOOLEAN, FLOAT4, FLOAT8, DECIMAL, TEXT, BYTES, TIME -> false;
        };
  }
}
