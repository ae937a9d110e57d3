package dev.escala.decode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The columns of a table at one moment, in their order, without those of the system.
 *
 * @param ready whether rows can be written; else the table has to be created or completed first
 * @param uuidKey whether {@code _id} is a uuid; text otherwise
 * @param generated names that only the database may fill
 * @param made whether Escala made the table, so that types of columns are its own to choose
 * @param uniqueKey whether an index keeps each {@code _id} to one row
 */
public record TableColumns(
    boolean ready,
    boolean uuidKey,
    List<Column> columns,
    Set<String> generated,
    boolean made,
    boolean uniqueKey,
    Map<String, Integer> positions) {

  public TableColumns(
      boolean ready,
      boolean uuidKey,
      List<Column> columns,
      Set<String> generated,
      boolean made,
      boolean uniqueKey) {
    this(ready, uuidKey, columns, generated, made, uniqueKey, positionsOf(columns));
  }

  /** Of a table that Escala made. */
  public TableColumns(boolean ready, boolean uuidKey, List<Column> columns, Set<String> generated) {
    this(ready, uuidKey, columns, generated, true, true);
  }

  public TableColumns {
    columns = List.copyOf(columns);
    generated = Set.copyOf(generated);
    positions = Map.copyOf(positions);
  }

  private static Map<String, Integer> positionsOf(List<Column> columns) {
    Map<String, Integer> positions = new HashMap<>();
    for (Column column : columns) {
      positions.put(column.name(), positions.size());
    }
    return positions;
  }

  /** The position of the column that a field of this key fills, or -1. */
  int position(String key) {
    Integer direct = positions.get(key);
    if (direct != null) {
      return direct;
    }
    Integer made = positions.get(ColumnName.of(key));
    return made != null ? made : positions.getOrDefault(ColumnName.former(key), -1);
  }
}
