package dev.escala.serve.database;

import dev.escala.catalog.MediaHandler;
import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationName;
import dev.escala.catalog.Routine;
import dev.escala.catalog.Routine.Parameter;
import dev.escala.catalog.RoutineIntrospection;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the functions that may be called, over a connection whose search path is empty. */
final class RoutineReader {
  private final Map<RelationName, Relation> relations = new HashMap<>();

  private RoutineReader(List<Relation> readable) {
    readable.forEach(relation -> relations.put(relation.fullName(), relation));
  }

  /** Functions of the schemas as they are in the database. */
  record Found(RowSet<Row> routines, RowSet<Row> composites) {
    /** Those that give rows of a relation are read like it. */
    List<Routine> routines(List<Relation> readable) {
      RoutineReader reader = new RoutineReader(readable);
      reader.composites(composites);
      List<Routine> read = new ArrayList<>();
      routines.forEach(row -> read.add(reader.routine(row)));
      return read;
    }
  }

  static Future<Found> read(SqlConnection connection, List<String> schemas) {
    Future<RowSet<Row>> routines =
        connection
            .preparedQuery(RoutineIntrospection.ROUTINES)
            .execute(Tuple.of(schemas.toArray(String[]::new)));
    Future<RowSet<Row>> composites =
        connection.preparedQuery(RoutineIntrospection.COMPOSITES).execute();
    return Future.all(routines, composites)
        .map(read -> new Found(routines.result(), composites.result()));
  }

  private void composites(RowSet<Row> rows) {
    Map<RelationName, List<RelationColumn>> columns = new LinkedHashMap<>();
    for (Row row : rows) {
      columns
          .computeIfAbsent(
              new RelationName(row.getString(0), row.getString(1)), ignored -> new ArrayList<>())
          .add(column(row.getString(2), row.getString(3), row.getBoolean(4)));
    }
    columns.forEach((name, of) -> relations.putIfAbsent(name, Relation.ofRows(name, of)));
  }

  /** Of a domain the database makes the JSON, as of all that has no writer of its own. */
  private static RelationColumn column(String name, String type, boolean isEnum) {
    return new RelationColumn(name, type, type, OutputKind.of(type, isEnum), true, null);
  }

  private Routine routine(Row row) {
    RelationName name = new RelationName(row.getString(0), row.getString(1));
    return new Routine(
        name,
        parameters(row),
        result(name, row),
        row.getBoolean(4),
        !row.getBoolean(3),
        row.getString(2));
  }

  private static List<Parameter> parameters(Row row) {
    String[] names = row.getArrayOfStrings(5);
    String[] types = row.getArrayOfStrings(6);
    int firstOptional = names.length - row.getInteger(7);
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      boolean variadic = row.getBoolean(8) && i == names.length - 1;
      parameters.add(new Parameter(names[i], types[i], i >= firstOptional, variadic));
    }
    return parameters;
  }

  private Routine.Result result(RelationName name, Row row) {
    if (row.getBoolean(10)) {
      return new Routine.Nothing();
    }
    String[] columns = row.getArrayOfStrings(15);
    if (columns != null) {
      return new Routine.Rows(declared(name, row, columns));
    }
    String type = row.getString(9);
    String relation = row.getString(14);
    if (relation != null) {
      Relation of = relations.get(new RelationName(row.getString(13), relation));
      if (of != null) {
        return new Routine.Rows(of);
      }
    }
    boolean untyped = row.getBoolean(11) || relation != null;
    return new Routine.Value(
        untyped ? OutputKind.CONVERTED : OutputKind.of(type, row.getBoolean(12)), type, media(row));
  }

  private static @Nullable MediaHandler media(Row row) {
    String type = row.getString(18);
    return type == null ? null : new MediaHandler(type, row.getBoolean(19), null, null);
  }

  private static Relation declared(RelationName name, Row row, String[] names) {
    String[] types = row.getArrayOfStrings(16);
    Boolean[] enums = row.getArrayOfBooleans(17);
    List<RelationColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      columns.add(column(names[i], types[i], enums[i]));
    }
    return Relation.ofRows(name, columns);
  }
}
