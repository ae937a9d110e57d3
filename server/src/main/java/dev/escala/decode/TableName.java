package dev.escala.decode;

/** A table of a configured database; {@code toString} is the dotted form. */
public record TableName(String database, String schema, String table) {

  /** {@code database.table} or {@code database.schema.table}; empty parts are refused. */
  static TableName parse(String text) {
    String[] parts = text.split("\\.", -1);
    for (String part : parts) {
      if (part.isEmpty()) {
        throw new IllegalArgumentException("a part of the table's name is empty");
      }
    }
    return switch (parts.length) {
      case 2 -> new TableName(parts[0], "public", parts[1]);
      case 3 -> new TableName(parts[0], parts[1], parts[2]);
      default ->
          throw new IllegalArgumentException(
              "must have the form database.table or database.schema.table");
    };
  }

  /** The table of one topic, where this one stands for many. */
  TableName forTopic(String topic) {
    String name = ColumnName.former(topic);
    return new TableName(
        database,
        ColumnName.former(schema.replace("{topic}", name)),
        ColumnName.former(table.replace("{topic}", name)));
  }

  /** Whether it is the one of these names. */
  public boolean is(String itsDatabase, String itsSchema, String itsTable) {
    return equals(new TableName(itsDatabase, itsSchema, itsTable));
  }

  /** Whether a table may be that of some topic, where this one stands for many. */
  public boolean fits(String itsDatabase, String itsSchema, String itsTable) {
    return database.equals(itsDatabase) && begins(schema, itsSchema) && begins(table, itsTable);
  }

  /** Behind the topic a long name is cut. */
  private static boolean begins(String pattern, String name) {
    int topic = pattern.indexOf("{topic}");
    return topic < 0 ? name.equals(pattern) : name.startsWith(pattern.substring(0, topic));
  }

  @Override
  public String toString() {
    return database + "." + schema + "." + table;
  }
}
