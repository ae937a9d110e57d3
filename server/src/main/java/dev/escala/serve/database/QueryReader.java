package dev.escala.serve.database;

import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationName;
import dev.escala.catalog.Routine;
import dev.escala.catalog.Routine.Parameter;
import dev.escala.model.SqlIdentifier;
import dev.escala.query.PublishedQuery;
import dev.escala.query.QueryHead.Declared;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Asks the database what published queries take and give. They are parsed and neither planned nor
 * run, so that it needs no rights on what they read, which only roles of callers may have.
 */
final class QueryReader {
  private static final String DESCRIBED = "SELECT * FROM (\n%s\n) AS q";
  private static final String BEFORE_TEXT = DESCRIBED.substring(0, DESCRIBED.indexOf('%'));

  /** Types are only qualified reliably under an empty search path. */
  private static final String TYPES =
      """
      SELECT pg_catalog.array_agg(pg_catalog.format_type(u.type, -1) ORDER BY u.place),
             pg_catalog.array_agg(t.typtype = 'e' ORDER BY u.place)
      FROM pg_catalog.pg_prepared_statements s,
        LATERAL pg_catalog.unnest(s.parameter_types::oid[]) WITH ORDINALITY AS u(type, place)
        JOIN pg_catalog.pg_type t ON t.oid = u.type
      WHERE s.name = 'escala_query'\
      """;

  /**
   * Names are only found in schemas that may be used: the login itself, or a role of callers that
   * may use all of {@code $1}.
   */
  private static final String WHO =
      """
      SELECT r.rolname::text FROM pg_catalog.pg_roles r
      WHERE pg_catalog.pg_has_role(r.oid, 'MEMBER')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_namespace n
          WHERE n.nspname = ANY ($1) AND NOT pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE'))
      ORDER BY r.rolname <> current_user, r.rolname LIMIT 1\
      """;

  private final SqlConnection connection;
  private final DatabaseSettings settings;
  private final String begin;
  private final PublishedQuery query;
  private final String path;
  private final Set<String> missing;
  private boolean isPrepared;

  private QueryReader(
      SqlConnection connection,
      DatabaseSettings settings,
      String begin,
      QueryFile file,
      Set<String> missing) {
    this.connection = connection;
    this.settings = settings;
    this.begin = begin;
    this.query = file.query();
    this.path = file.path().toString();
    this.missing = missing;
  }

  /** Those that the database can run, and what is wrong with the others. */
  record Found(List<Routine> queries, List<QueryTrouble> troubles) {}

  /** Why a query does not fit the database. */
  private static final class Misfit extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean isEarly;

    Misfit(String detail, boolean isEarly) {
      super(detail, null, false, false);
      this.isEarly = isEarly;
    }
  }

  /**
   * Fails where the database does not answer, and not where a query is wrong.
   *
   * @param missing tables that are to come: a query that misses one of them is early
   */
  static Future<Found> read(
      SqlConnection connection, DatabaseSettings settings, Set<String> missing) {
    if (settings.dialect().queries().isEmpty()) {
      return Future.succeededFuture(new Found(List.of(), List.of()));
    }
    return connection
        .preparedQuery(WHO)
        .execute(Tuple.of(settings.schemas().toArray(String[]::new)))
        .compose(roles -> read(connection, settings, begin(settings, roles), missing));
  }

  private static String begin(DatabaseSettings settings, RowSet<Row> roles) {
    String begin = "BEGIN READ ONLY; SET LOCAL search_path = " + settings.searchPath();
    return roles.size() == 0
        ? begin
        : begin + "; SET LOCAL ROLE " + SqlIdentifier.quote(roles.iterator().next().getString(0));
  }

  private static Future<Found> read(
      SqlConnection connection, DatabaseSettings settings, String begin, Set<String> missing) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    Future<Void> all = Future.succeededFuture();
    for (QueryFile file : settings.dialect().queries()) {
      QueryReader reader = new QueryReader(connection, settings, begin, file, missing);
      all = all.compose(ignored -> reader.into(found));
    }
    return all.map(found);
  }

  private Future<Void> into(Found found) {
    return described()
        .onSuccess(found.queries::add)
        .<Void>mapEmpty()
        .recover(
            failure -> {
              if (misfit(failure, "1:1") instanceof Misfit misfit) {
                String detail = String.valueOf(misfit.getMessage());
                found.troubles.add(new QueryTrouble(query.name(), false, misfit.isEarly, detail));
                return Future.succeededFuture();
              }
              return Future.failedFuture(failure);
            });
  }

  private Future<Routine> described() {
    return connection
        .query(begin)
        .execute()
        .compose(ignored -> checked(query.head().parameters()))
        .compose(ignored -> names())
        .compose(this::prepared)
        .compose(this::routine)
        .eventually(() -> connection.query("ROLLBACK").execute())
        .eventually(
            () ->
                isPrepared
                    ? connection.query("DEALLOCATE escala_query").execute()
                    : Future.succeededFuture());
  }

  /** That each type is one, and each default a value of it. */
  private Future<Void> checked(List<Declared> declared) {
    Future<Void> all = Future.succeededFuture();
    for (Declared each : declared) {
      Parameter parameter = each.parameter();
      all = all.compose(ignored -> tried("regtype", parameter.type(), each));
      String fallback = parameter.fallback();
      if (fallback != null) {
        all = all.compose(ignored -> tried(parameter.type(), fallback, each));
      }
    }
    return all;
  }

  private Future<Void> tried(String type, String text, Declared declared) {
    return connection
        .preparedQuery("SELECT CAST(CAST($1 AS text) AS " + type + ") IS NULL")
        .execute(CatalogStatements.tuple(List.of(text)))
        .<Void>mapEmpty()
        .recover(failure -> Future.failedFuture(misfit(failure, declared.line() + ":1")));
  }

  private String declaredNull(String name) {
    String type = query.head().parameter(name).orElseThrow().parameter().type();
    return "CAST(NULL AS " + type + ")";
  }

  private Future<List<String>> names() {
    UnaryOperator<String> written = this::declaredNull;
    String text = DESCRIBED.formatted(query.text().with(written));
    return ParsedColumns.of(
            connection, Objects.requireNonNull(ContextInternal.current(), "no event loop"), text)
        .recover(failure -> Future.failedFuture(misfit(failure, place(failure, written))))
        .compose(
            columns -> {
              List<String> names = columns.stream().map(ColumnDescriptor::name).toList();
              String wrong = wrongNames(names);
              return wrong.isEmpty()
                  ? Future.succeededFuture(names)
                  : Future.failedFuture(new Misfit(path + ": " + wrong, false));
            });
  }

  private static String wrongNames(List<String> names) {
    if (names.isEmpty()) {
      return "it gives no columns";
    }
    return names.stream()
        .filter(name -> names.indexOf(name) != names.lastIndexOf(name))
        .findFirst()
        .map("two columns are called \"%s\"; give one another name with AS"::formatted)
        .orElse("");
  }

  private String place(Throwable failure, UnaryOperator<String> written) {
    return failure instanceof PgException refused && refused.getPosition() != null
        ? query.place(Integer.parseInt(refused.getPosition()) - BEFORE_TEXT.length(), written)
        : "1:1";
  }

  /** Parameters take the types that are asked for: the declared ones, then those of the columns. */
  private Future<List<String>> prepared(List<String> names) {
    List<Declared> declared = query.head().parameters();
    List<String> asked = new ArrayList<>();
    for (Declared each : declared) {
      asked.add("CAST($%d AS %s)".formatted(asked.size() + 1, each.parameter().type()));
    }
    for (int i = 0; i < names.size(); i++) {
      asked.add("coalesce(q.c%d, $%d)".formatted(i, asked.size() + 1));
    }
    String columns =
        IntStream.range(0, names.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
    String statement =
        "PREPARE escala_query AS SELECT %s FROM (\n%s\n) AS q(%s)"
            .formatted(String.join(", ", asked), query.text().with(this::declaredNull), columns);
    return connection
        .query(statement)
        .execute()
        .map(
            ignored -> {
              isPrepared = true;
              return names;
            });
  }

  private Future<Routine> routine(List<String> names) {
    return connection
        .query("SET LOCAL search_path = ''; " + TYPES)
        .execute()
        .map(RowSet::next)
        .map(rows -> routine(names, rows.iterator().next()));
  }

  private Routine routine(List<String> names, Row types) {
    String[] type = types.getArrayOfStrings(0);
    Boolean[] isEnum = types.getArrayOfBooleans(1);
    List<Parameter> parameters = new ArrayList<>();
    for (Declared declared : query.head().parameters()) {
      parameters.add(declared.parameter().of(type[parameters.size()]));
    }
    List<RelationColumn> columns = new ArrayList<>();
    for (String name : names) {
      int at = parameters.size() + columns.size();
      OutputKind kind = OutputKind.of(type[at], isEnum[at]);
      columns.add(new RelationColumn(name, type[at], type[at], kind, true, null));
    }
    RelationName name = new RelationName(settings.schemas().getFirst(), query.name());
    Relation rows = Relation.ofRows(name, columns);
    return new Routine(
        name, parameters, new Routine.Rows(rows), true, true, query.head().comment(), query.text());
  }

  /** What the database says of the query; other failures stay what they are. */
  private Throwable misfit(Throwable failure, String place) {
    if (!(failure instanceof PgException refused)
        || DatabaseErrors.ofSql(failure).status() >= 500) {
      return failure;
    }
    String hint = refused.getHint() == null ? "" : ". " + refused.getHint();
    return new Misfit(
        "%s:%s: %s (%s)%s"
            .formatted(path, place, refused.getErrorMessage(), refused.getSqlState(), hint),
        DatabaseErrors.isMissingTable(refused, missing));
  }
}
