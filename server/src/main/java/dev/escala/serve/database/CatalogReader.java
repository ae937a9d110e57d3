package dev.escala.serve.database;

import dev.escala.catalog.ComputedColumn;
import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Introspection;
import dev.escala.catalog.MediaHandler;
import dev.escala.catalog.MediaHandlers;
import dev.escala.catalog.MediaIntrospection;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import dev.escala.catalog.RelationName;
import dev.escala.catalog.Representation;
import dev.escala.catalog.RoleIntrospection;
import dev.escala.catalog.Routine;
import dev.escala.catalog.SqlNames;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a catalog over a connection whose search path is empty. */
final class CatalogReader {

  private CatalogReader() {}

  /** A catalog, and what is wrong with the queries that belong to it. */
  record Found(DatabaseCatalog catalog, List<QueryTrouble> troubles) {}

  static Future<Found> read(SqlConnection connection, DatabaseSettings settings) {
    return relations(connection, settings)
        .compose(
            catalog ->
                QueryReader.read(connection, settings, missing(catalog, settings))
                    .map(queries -> with(catalog, queries)));
  }

  /** Tables that topics make with their first message, which has not come yet. */
  private static Set<String> missing(DatabaseCatalog catalog, DatabaseSettings settings) {
    return settings.dialect().tablesToCome().stream()
        .filter(table -> settings.schemas().contains(table.schema()))
        .filter(table -> catalog.relation(table.schema(), table.name()).isEmpty())
        .map(RelationName::name)
        .collect(Collectors.toSet());
  }

  /** A query hides functions of its name: what is written down is what is meant. */
  private static Found with(DatabaseCatalog catalog, QueryReader.Found found) {
    List<QueryTrouble> troubles = new ArrayList<>(found.troubles());
    for (Routine query : found.queries()) {
      if (catalog.routinesIn(query.name().schema()).containsKey(query.name().name())) {
        troubles.add(
            new QueryTrouble(
                query.name().name(),
                true,
                false,
                "%s hides the function of that name; call one of them otherwise"
                    .formatted(query.name())));
      }
    }
    return new Found(catalog.with(found.queries()), troubles);
  }

  private static Future<DatabaseCatalog> relations(
      SqlConnection connection, DatabaseSettings settings) {
    List<String> schemas = settings.schemas();
    Tuple exposed = Tuple.of(schemas.toArray(String[]::new));
    Future<RowSet<Row>> columns = connection.preparedQuery(Introspection.COLUMNS).execute(exposed);
    Future<RowSet<Row>> keys = connection.preparedQuery(Introspection.UNIQUE_KEYS).execute(exposed);
    Future<RowSet<Row>> names = connection.preparedQuery(Introspection.SQL_NAMES).execute(exposed);
    Future<RowSet<Row>> excess = connection.preparedQuery(Introspection.EXCESS_OF_LOGIN).execute();
    Future<RowSet<Row>> roles = connection.preparedQuery(RoleIntrospection.SETTINGS).execute();
    Future<RowSet<Row>> media =
        connection.preparedQuery(MediaIntrospection.AGGREGATES).execute(searched(settings));
    Future<RelationshipReader.Found> found =
        RelationshipReader.read(
            connection, schemas, settings.dialect().declaredKeys(schemas.getFirst()));
    Future<RoutineReader.Found> routines = RoutineReader.read(connection, schemas);
    return Future.all(List.of(columns, keys, names, excess, roles, media, found, routines))
        .map(
            read -> {
              List<Relation> relations =
                  relations(columns.result(), uniqueKeys(keys.result()), found.result().computed());
              return DatabaseCatalog.of(
                      schemas,
                      relations,
                      found.result().relationships(),
                      routines.result().routines(relations),
                      names(schemas, names.result().iterator().next()),
                      excess.result().iterator().next().getString(0))
                  .with(
                      roleSettings(roles.result()),
                      plain(relations, columns.result()),
                      mediaHandlers(media.result()));
            });
  }

  private static Set<RelationName> plain(List<Relation> relations, RowSet<Row> columns) {
    Set<RelationName> plain = new HashSet<>();
    for (Relation relation : relations) {
      if (relation.kind() == RelationKind.TABLE
          && relation.computed().isEmpty()
          && relation.columns().values().stream()
              .allMatch(column -> column.representation().equals(Representation.NONE))) {
        plain.add(relation.fullName());
      }
    }
    for (Row row : columns) {
      if (row.getBoolean(15) || !Boolean.TRUE.equals(row.getBoolean(16))) {
        plain.remove(name(row));
      }
    }
    return plain;
  }

  /** Where functions are found without a schema. */
  private static Tuple searched(DatabaseSettings settings) {
    return Tuple.of(
        Stream.concat(settings.schemas().stream(), settings.dialect().extraSearchPath().stream())
            .distinct()
            .toArray(String[]::new));
  }

  private static MediaHandlers mediaHandlers(RowSet<Row> rows) {
    List<MediaHandler> handlers = new ArrayList<>();
    for (Row row : rows) {
      handlers.add(
          new MediaHandler(
              row.getString(0),
              row.getBoolean(1),
              new RelationName(row.getString(2), row.getString(3)),
              name(row, 4)));
    }
    return MediaHandlers.of(handlers);
  }

  private static Map<String, Map<String, String>> roleSettings(RowSet<Row> rows) {
    Map<String, Map<String, String>> settings = new HashMap<>();
    for (Row row : rows) {
      settings
          .computeIfAbsent(row.getString(0), ignored -> new LinkedHashMap<>())
          .put(row.getString(1), row.getString(2));
    }
    return settings;
  }

  private static SqlNames names(List<String> schemas, Row row) {
    return new SqlNames(
        Set.copyOf(schemas),
        Set.copyOf(List.of(row.getArrayOfStrings(0))),
        Set.copyOf(List.of(row.getArrayOfStrings(1))),
        Set.copyOf(List.of(row.getArrayOfStrings(2))),
        Set.copyOf(List.of(row.getArrayOfStrings(3))));
  }

  private static RelationName name(Row row) {
    return new RelationName(row.getString(0), row.getString(1));
  }

  private static Map<RelationName, List<Set<String>>> uniqueKeys(RowSet<Row> rows) {
    Map<RelationName, List<Set<String>>> keys = new HashMap<>();
    for (Row row : rows) {
      keys.computeIfAbsent(name(row), ignored -> new ArrayList<>())
          .add(Set.copyOf(List.of(row.getArrayOfStrings(2))));
    }
    return keys;
  }

  private static List<Relation> relations(
      RowSet<Row> columns,
      Map<RelationName, List<Set<String>>> uniqueKeys,
      Map<RelationName, Map<String, ComputedColumn>> computed) {
    Map<RelationName, List<Row>> byRelation = new LinkedHashMap<>();
    for (Row row : columns) {
      byRelation.computeIfAbsent(name(row), ignored -> new ArrayList<>()).add(row);
    }
    return byRelation.entrySet().stream()
        .map(
            entry ->
                relation(
                    entry.getValue(),
                    uniqueKeys.getOrDefault(entry.getKey(), List.of()),
                    computed.getOrDefault(entry.getKey(), Map.of())))
        .toList();
  }

  private static Relation relation(
      List<Row> rows, List<Set<String>> uniqueKeys, Map<String, ComputedColumn> computed) {
    Map<String, RelationColumn> columns = new LinkedHashMap<>();
    List<String> primaryKey = new ArrayList<>();
    for (Row row : rows) {
      if (row.getString(4) == null) {
        continue; // it has none
      }
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
        computed,
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
        row.getString(9),
        new Representation(name(row, 11), name(row, 13)));
  }

  private static @Nullable RelationName name(Row row, int at) {
    String schema = row.getString(at);
    return schema == null ? null : new RelationName(schema, row.getString(at + 1));
  }
}
