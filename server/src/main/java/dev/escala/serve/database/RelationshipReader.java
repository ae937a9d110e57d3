package dev.escala.serve.database;

import dev.escala.catalog.ComputedColumn;
import dev.escala.catalog.ForeignKey;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationName;
import dev.escala.catalog.Relationship;
import dev.escala.catalog.Relationship.Cardinality;
import dev.escala.catalog.RelationshipIntrospection;
import dev.escala.catalog.Relationships;
import dev.escala.catalog.ShownColumn;
import dev.escala.catalog.ViewRule;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads which relations belong together, over a connection whose search path is empty. */
final class RelationshipReader {

  private RelationshipReader() {}

  /** What was read; computed columns by the relation and their name. */
  record Found(
      Relationships relationships, Map<RelationName, Map<String, ComputedColumn>> computed) {}

  /**
   * Reads them.
   *
   * @param functions the schemas whose functions compute columns and relationships
   * @param declared keys that no constraint holds
   */
  static Future<Found> read(
      SqlConnection connection, List<String> functions, List<ForeignKey> declared) {
    Future<RowSet<Row>> keys = all(connection, RelationshipIntrospection.FOREIGN_KEYS);
    Future<RowSet<Row>> rules = all(connection, RelationshipIntrospection.VIEW_RULES);
    Future<RowSet<Row>> numbers = all(connection, RelationshipIntrospection.COLUMN_NUMBERS);
    Future<RowSet<Row>> computed =
        connection
            .preparedQuery(RelationshipIntrospection.COMPUTED)
            .execute(Tuple.of(functions.toArray(String[]::new)));
    return Future.all(keys, rules, numbers, computed)
        .map(
            read ->
                new Found(
                    Relationships.of(
                        foreignKeys(keys.result(), declared),
                        shown(rules.result(), columns(numbers.result())),
                        relationships(computed.result())),
                    columnsByRelation(computed.result())));
  }

  private static Future<RowSet<Row>> all(SqlConnection connection, String statement) {
    return connection.preparedQuery(statement).execute();
  }

  private static RelationName name(Row row, int at) {
    return new RelationName(row.getString(at), row.getString(at + 1));
  }

  private static List<ForeignKey> foreignKeys(RowSet<Row> rows, List<ForeignKey> declared) {
    List<ForeignKey> keys = new ArrayList<>(declared);
    for (Row row : rows) {
      keys.add(
          new ForeignKey(
              row.getString(0),
              name(row, 1),
              List.of(row.getArrayOfStrings(3)),
              name(row, 4),
              List.of(row.getArrayOfStrings(6)),
              row.getBoolean(7),
              row.getBoolean(8)));
    }
    return keys;
  }

  /** A column by the numbers of its relation and its own. */
  private record ColumnNumber(long relation, int column) {}

  private record Named(RelationName relation, String column) {}

  private static Map<ColumnNumber, Named> columns(RowSet<Row> rows) {
    Map<ColumnNumber, Named> columns = new HashMap<>();
    for (Row row : rows) {
      columns.put(
          new ColumnNumber(row.getLong(0), row.getInteger(1)),
          new Named(name(row, 2), row.getString(4)));
    }
    return columns;
  }

  private static List<ShownColumn> shown(RowSet<Row> rules, Map<ColumnNumber, Named> columns) {
    List<ShownColumn> shown = new ArrayList<>();
    for (Row rule : rules) {
      for (ViewRule.Entry entry : ViewRule.entries(rule.getString(1))) {
        Named ofView = columns.get(new ColumnNumber(rule.getLong(0), entry.column()));
        Named base = columns.get(new ColumnNumber(entry.relation(), entry.of()));
        if (ofView != null && base != null) {
          shown.add(
              new ShownColumn(ofView.relation(), ofView.column(), base.relation(), base.column()));
        }
      }
    }
    return shown;
  }

  private static boolean givesRelation(Row row) {
    return row.getBoolean(6) && row.getString(5) != null;
  }

  private static List<Relationship> relationships(RowSet<Row> functions) {
    List<Relationship> relationships = new ArrayList<>();
    for (Row row : functions) {
      if (givesRelation(row)) {
        relationships.add(
            new Relationship(
                name(row, 2),
                name(row, 4),
                row.getBoolean(7) ? Cardinality.MANY_TO_ONE : Cardinality.ONE_TO_MANY,
                new Relationship.Computed(name(row, 0))));
      }
    }
    return relationships;
  }

  private static Map<RelationName, Map<String, ComputedColumn>> columnsByRelation(
      RowSet<Row> functions) {
    Map<RelationName, Map<String, ComputedColumn>> columns = new HashMap<>();
    for (Row row : functions) {
      if (!row.getBoolean(6)) {
        RelationName function = name(row, 0);
        columns
            .computeIfAbsent(name(row, 2), ignored -> new HashMap<>())
            .putIfAbsent(function.name(), new ComputedColumn(function, column(row)));
      }
    }
    return columns;
  }

  private static RelationColumn column(Row row) {
    String castType = row.getString(9);
    return new RelationColumn(
        row.getString(1),
        row.getString(8),
        castType,
        OutputKind.of(castType, row.getBoolean(10)),
        true,
        null);
  }
}
