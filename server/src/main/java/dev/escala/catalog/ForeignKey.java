package dev.escala.catalog;

import java.util.List;

/**
 * Columns of one table that refer to those of another.
 *
 * @param columns of the referring table, in the order of {@code referenced}
 * @param unique whether no two rows share the values of these columns
 * @param inPrimaryKey whether all of these columns belong to the primary key of their table
 */
public record ForeignKey(
    String constraint,
    RelationName table,
    List<String> columns,
    RelationName target,
    List<String> referenced,
    boolean unique,
    boolean inPrimaryKey) {

  public ForeignKey {
    columns = List.copyOf(columns);
    referenced = List.copyOf(referenced);
  }
}
