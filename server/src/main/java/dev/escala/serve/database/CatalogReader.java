package dev.escala.serve.database;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Introspection;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a catalog over a connection whose search path is empty. */
final class CatalogReader {

  private CatalogReader() {}

  static Future<DatabaseCatalog> read(SqlConnection connection, List<String> schemas) {
    Tuple exposed = Tuple.of(schemas.toArray(String[]::new));
    Future<RowSet<Row>> columns = connection.preparedQuery(Introspection.COLUMNS).execute(exposed);
    Future<RowSet<Row>> keys = connection.preparedQuery(Introspection.UNIQUE_KEYS).execute(exposed);
    Future<Set<String>> volatileFunctions =
        connection
            .preparedQuery(Introspection.VOLATILE_FUNCTIONS)
            .collecting(Collectors.mapping(row -> row.getString(0), Collectors.toSet()))
            .execute()
            .map(SqlResult::value);
    Future<RowSet<Row>> excess = connection.preparedQuery(Introspection.EXCESS_OF_LOGIN).execute();
    return Future.all(columns, keys, volatileFunctions, excess)
        .map(
            read ->
                DatabaseCatalog.of(
                    schemas,
                    relations(columns.result(), uniqueKeys(keys.result())),
                    volatileFunctions.result(),
                    excess.result().iterator().next().getString(0)));
  }

  /** A relation by its schema and its name. */
  private record Key(String schema, String name) {
    static Key of(Row row) {
      return new Key(row.getString(0), row.getString(1));
    }
  }

  private static Map<Key, List<Set<String>>> uniqueKeys(RowSet<Row> rows) {
    Map<Key, List<Set<String>>> keys = new HashMap<>();
    for (Row row : rows) {
      keys.computeIfAbsent(Key.of(row), ignored -> new ArrayList<>())
          .add(Set.of(row.getArrayOfStrings(2)));
    }
    return keys;
  }

  private static List<Relation> relations(
      RowSet<Row> columns, Map<Key, List<Set<String>>> uniqueKeys) {
    Map<Key, List<Row>> byRelation = new LinkedHashMap<>();
    for (Row row : columns) {
      byRelation.computeIfAbsent(Key.of(row), ignored -> new ArrayList<>()).add(row);
    }
    return byRelation.entrySet().stream()
        .map(
            entry -> relation(entry.getValue(), uniqueKeys.getOrDefault(entry.getKey(), List.of())))
        .toList();
  }

  private static Relation relation(List<Row> rows, List<Set<String>> uniqueKeys) {
    Map<String, RelationColumn> columns = new LinkedHashMap<>();
    List<String> primaryKey = new ArrayList<>();
    for (Row row : rows) {
      RelationColumn column = column(row);
      columns.put(column.name(), column);
      if (row.getBoolean(10)) {
        primaryKey.add(column.name());
      }
    }
    Row first = rows.getFirst();
    return new Relation(
        first.getString(0),
        first.getString(1),
        RelationKind.of(first.getString(2)),
        columns,
        primaryKey,
        uniqueKeys,
        first.getString(3));
  }

  private static RelationColumn column(Row row) {
    String castType = row.getString(6);
    return new RelationColumn(
        row.getString(4),
        row.getString(5),
        castType,
        OutputKind.of(castType, row.getBoolean(7)),
        row.getBoolean(8),
        row.getString(9));
  }
}
