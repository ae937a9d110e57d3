package dev.escala.archive;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * Sees to it that the table of the archive has the columns of a partition. A column that is wider
 * by now is widened where Iceberg can; else it goes on under its name with the new type, and what
 * was archived before under a name that tells the old one.
 */
final class ArchiveSchema {
  private ArchiveSchema() {}

  /** The table, made where there is none yet. */
  static ArchiveTable table(ArchiveTables tables, List<ArchiveColumn> columns) {
    Table table = tables.find().orElseGet(() -> make(tables, columns));
    // A name is free for another column once it is committed that the old one has another.
    change(table, columns, ArchiveSchema::rename);
    change(table, columns, ArchiveSchema::fit);
    return new ArchiveTable(table);
  }

  /** A change for one column, where it needs any. */
  private interface Change {
    boolean isMade(UpdateSchema update, Schema schema, ArchiveColumn column);
  }

  private static void change(Table table, List<ArchiveColumn> columns, Change change) {
    UpdateSchema update = table.updateSchema();
    boolean isOther = false;
    for (ArchiveColumn column : columns) {
      isOther |= change.isMade(update, table.schema(), column);
    }
    if (isOther) {
      update.commit();
      table.refresh();
    }
  }

  private static Table make(ArchiveTables tables, List<ArchiveColumn> columns) {
    List<Types.NestedField> fields = new ArrayList<>();
    int next = columns.size() + 1;
    for (int i = 0; i < columns.size(); i++) {
      Type type = columns.get(i).iceberg();
      if (type.isListType()) {
        type = Types.ListType.ofOptional(next++, type.asListType().elementType());
      }
      fields.add(Types.NestedField.optional(i + 1, columns.get(i).name(), type));
    }
    Schema schema = new Schema(fields);
    return tables.make(schema, ArchiveTable.byMonth(schema));
  }

  private static boolean rename(UpdateSchema update, Schema schema, ArchiveColumn column) {
    Types.NestedField field = schema.asStruct().field(column.name());
    if (field == null || isEqual(field.type(), column.iceberg()) || isWider(field, column)) {
      return false;
    }
    update.renameColumn(column.name(), former(schema, field));
    return true;
  }

  private static boolean fit(UpdateSchema update, Schema schema, ArchiveColumn column) {
    Types.NestedField field = schema.asStruct().field(column.name());
    if (field == null) {
      update.addColumn(null, column.name(), column.iceberg());
      return true;
    }
    if (isEqual(field.type(), column.iceberg())) {
      return false;
    }
    update.updateColumn(column.name(), column.iceberg().asPrimitiveType());
    return true;
  }

  private static boolean isWider(Types.NestedField field, ArchiveColumn column) {
    return column.iceberg().isPrimitiveType()
        && TypeUtil.isPromotionAllowed(field.type(), column.iceberg().asPrimitiveType());
  }

  private static boolean isEqual(Type one, Type other) {
    if (one.isListType() && other.isListType()) {
      return one.asListType().elementType().equals(other.asListType().elementType());
    }
    return one.equals(other);
  }

  private static String former(Schema schema, Types.NestedField field) {
    String type = field.type().toString().replaceAll("[^a-z0-9]+", "_");
    String name = field.name() + "_" + type.replaceAll("_$", "");
    String unique = name;
    for (int i = 2; schema.asStruct().field(unique) != null; i++) {
      unique = name + "_" + i;
    }
    return unique;
  }
}
