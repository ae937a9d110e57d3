package dev.escala.store.postgres;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnName;
import dev.escala.decode.ColumnType;
import dev.escala.decode.Rollup;
import dev.escala.decode.Rollup.Function;
import dev.escala.decode.Rollup.Value;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.model.SqlIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of one rollup. A trigger of the topic's table adds what a statement stored, in the
 * transaction that stores it, whoever that is.
 */
final class RollupSql {
  /** How the names of all triggers that count begin. */
  static final String TRIGGER = "escala_rollup_";

  private final String topic;
  private final TableName base;
  private final Rollup rollup;
  private final TableColumns columns;
  private final List<Kept> keys = new ArrayList<>();
  private final List<Kept> values = new ArrayList<>();

  /**
   * A column of the rollup.
   *
   * @param aggregate of rows {@code n}
   * @param merged of a row {@code r} and what is added, {@code EXCLUDED}
   * @param sketch whether it is one, of which people see what it says
   */
  private record Kept(String name, String type, String aggregate, String merged, boolean sketch) {
    Kept(String name, String type, String aggregate, String merged) {
      this(name, type, aggregate, merged, false);
    }

    String quoted() {
      return SqlIdentifier.quote(name);
    }

    String seen() {
      return sketch ? "escala.distinct_estimate(%1$s) AS %1$s".formatted(quoted()) : quoted();
    }
  }

  RollupSql(TopicSettings settings, Rollup rollup, TableColumns columns) {
    this.topic = settings.topic();
    this.base = settings.table();
    this.rollup = rollup;
    this.columns = columns;
    if (rollup.every() != null) {
      keys.add(
          key(
              Rollup.BUCKET,
              "timestamptz",
              "date_trunc('%s', n.\"_event_time\", 'UTC')".formatted(rollup.every().sql())));
    }
    for (String column : rollup.by()) {
      keys.add(key(column, type(column), "n." + SqlIdentifier.quote(column)));
    }
    rollup.values().forEach(this::keep);
  }

  private static Kept key(String name, String type, String expression) {
    return new Kept(name, type, expression, "");
  }

  private void keep(String name, Value value) {
    String column = value.column() == null ? "" : "n." + SqlIdentifier.quote(value.column());
    switch (value.function()) {
      case COUNT -> values.add(count(name, column));
      case SUM -> values.add(sum(name, column));
      case MIN -> values.add(extreme(name, value, "min", "least", column));
      case MAX -> values.add(extreme(name, value, "max", "greatest", column));
      case AVG -> {
        values.add(sum(name + Rollup.SUM, column));
        values.add(count(name + Rollup.COUNT, column));
      }
      case APPROX_DISTINCT -> values.add(sketch(name, value, column));
    }
  }

  private static Kept count(String name, String column) {
    String aggregate = "count(%s)".formatted(column.isEmpty() ? "*" : column);
    return new Kept(name, "bigint NOT NULL", aggregate, "r.%1$s + EXCLUDED.%1$s");
  }

  /** Exact, whatever the order: sums of floating point numbers are not. */
  private static Kept sum(String name, String column) {
    return new Kept(
        name,
        "numeric",
        "sum(%s::numeric)".formatted(column),
        "coalesce(r.%1$s + EXCLUDED.%1$s, r.%1$s, EXCLUDED.%1$s)");
  }

  private Kept extreme(String name, Value value, String of, String both, String column) {
    String type = type(Objects.requireNonNull(value.column()));
    return new Kept(
        name, type, "%s(%s::%s)".formatted(of, column, type), both + "(r.%1$s, EXCLUDED.%1$s)");
  }

  /** Of what is equal to PostgreSQL the hash is equal too. */
  private Kept sketch(String name, Value value, String column) {
    String hash = hash(column + "::" + type(Objects.requireNonNull(value.column())));
    String aggregate =
        "escala.distinct_sketch(escala.distinct_position(%s), 1) FILTER (WHERE %s IS NOT NULL)"
            .formatted(hash, column);
    return new Kept(name, "bit(12288) NOT NULL", aggregate, "r.%1$s | EXCLUDED.%1$s", true);
  }

  private static String hash(String value) {
    return "hash_record_extended(ROW(%s), 0)".formatted(value);
  }

  /** Integers may become other numbers. */
  private String type(String name) {
    Integer position = columns.positions().get(name);
    if (position == null) {
      return TableCatalog.typeOfSystem(name);
    }
    Column column = columns.columns().get(position);
    return switch (column.type().kind()) {
      case INT2, INT4, INT8 -> ColumnType.NUMERIC.sql();
      default -> column.type().sql();
    };
  }

  /** The columns that it needs, and that the table does not have. */
  List<String> lacking() {
    return rollup.sources().stream()
        .filter(
            name -> !columns.positions().containsKey(name) && !TableCatalog.SYSTEM.contains(name))
        .toList();
  }

  /** What it is, so that another one is told from it. */
  String definition() {
    return "every %s by %s: %s".formatted(rollup.every(), rollup.by(), rollup.values());
  }

  String name() {
    return new TableName(base.database(), base.schema(), rollup.name()).toString();
  }

  String table() {
    return SqlIdentifier.quote(base.schema()) + "." + SqlIdentifier.quote(rollup.name());
  }

  private String base() {
    return TableCatalog.quoted(base);
  }

  /** The name of the trigger that counts. */
  String trigger() {
    return ColumnName.of(TRIGGER + rollup.name());
  }

  /** Its name in the schema of Escala: of the function, and of the table behind a view. */
  private String own() {
    return "escala."
        + SqlIdentifier.quote(
            ColumnName.of("rollup %s %s %s".formatted(rollup.name(), base.schema(), base.table())));
  }

  /**
   * Whether people see a view: a sketch is twelve thousand bits, and what they want is the number
   * that it says.
   */
  boolean isView() {
    return values.stream().anyMatch(Kept::sketch);
  }

  /** The table in which it is kept, behind its view where it has one. */
  private String kept() {
    return isView() ? own() : table();
  }

  /** Creates what keeps it, which is empty, and what people see. */
  List<String> create() {
    List<String> all = new ArrayList<>();
    keys.forEach(key -> all.add(key.quoted() + " " + key.type()));
    values.forEach(value -> all.add(value.quoted() + " " + value.type()));
    averages()
        .forEach(
            name ->
                all.add(
                    "%s numeric GENERATED ALWAYS AS (%s / nullif(%s, 0)) STORED"
                        .formatted(
                            SqlIdentifier.quote(name),
                            SqlIdentifier.quote(name + Rollup.SUM),
                            SqlIdentifier.quote(name + Rollup.COUNT))));
    all.add("UNIQUE NULLS NOT DISTINCT (%s)".formatted(names(keys)));
    List<String> statements = new ArrayList<>();
    // Its rows are changed again and again, in their place where there is room.
    statements.add(
        "CREATE TABLE %s (%s) WITH (fillfactor = 70)".formatted(kept(), String.join(", ", all)));
    if (isView()) {
      statements.addAll(compressSketches());
      statements.add(createView());
    }
    return statements;
  }

  /** A sketch of few values is zeros for the most part; none leaves its row. */
  private List<String> compressSketches() {
    List<String> statements = new ArrayList<>();
    statements.add("ALTER TABLE %s SET (toast_tuple_target = 256)".formatted(kept()));
    values.stream()
        .filter(Kept::sketch)
        .forEach(
            value ->
                statements.add(
                    "ALTER TABLE %s ALTER COLUMN %s SET STORAGE MAIN"
                        .formatted(kept(), value.quoted())));
    return statements;
  }

  private String createView() {
    List<String> seen = new ArrayList<>(all().stream().map(Kept::seen).toList());
    averages().forEach(name -> seen.add(SqlIdentifier.quote(name)));
    return "CREATE VIEW %s AS SELECT %s FROM %s"
        .formatted(table(), String.join(", ", seen), kept());
  }

  private List<String> averages() {
    return rollup.values().entrySet().stream()
        .filter(entry -> entry.getValue().function() == Function.AVG)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Drops what there is of it, a view or a table. */
  List<String> drop(boolean view) {
    return List.of(
        "DROP %s IF EXISTS %s".formatted(view ? "VIEW" : "TABLE", table()),
        "DROP TABLE IF EXISTS " + own());
  }

  /** Fails where it cannot be kept: there are types that are not grouped, or have no hash. */
  List<String> attempt() {
    List<String> attempts = new ArrayList<>();
    attempts.add("SELECT FROM (%s) AS one WHERE false".formatted(aggregate(base())));
    for (Value value : rollup.values().values()) {
      if (value.function() == Function.APPROX_DISTINCT) {
        attempts.add("SELECT " + hash("NULL::" + type(Objects.requireNonNull(value.column()))));
      }
    }
    return attempts;
  }

  /** From when it is committed, what is stored is counted; it names the topic that wants it. */
  List<String> createTrigger() {
    return List.of(
        """
        CREATE OR REPLACE FUNCTION %s() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $rollup$
        BEGIN
          %s;
          RETURN NULL;
        END
        $rollup$\
        """
            .formatted(own(), add("added")),
        """
        CREATE TRIGGER %s AFTER INSERT ON %s REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION %s()\
        """
            .formatted(SqlIdentifier.quote(trigger()), base(), own()),
        "COMMENT ON TRIGGER %s ON %s IS '%s'"
            .formatted(SqlIdentifier.quote(trigger()), base(), topic));
  }

  /** Ends that what is stored is counted; the table is left as it is. */
  List<String> dropTrigger() {
    return List.of(
        "DROP TRIGGER IF EXISTS %s ON %s".formatted(SqlIdentifier.quote(trigger()), base()),
        "DROP FUNCTION IF EXISTS %s()".formatted(own()));
  }

  /** Aggregates all rows of the topic's table into a table of the session. */
  String fill() {
    return "CREATE TEMPORARY TABLE escala_fill AS " + aggregate(base());
  }

  /** Adds what was aggregated. */
  String merge() {
    return "INSERT INTO %s AS r (%s) SELECT %s FROM escala_fill %s"
        .formatted(kept(), names(all()), names(all()), onConflict());
  }

  private String add(String rows) {
    return "INSERT INTO %s AS r (%s) %s %s"
        .formatted(kept(), names(all()), aggregate(rows), onConflict());
  }

  /** In the order of keys: two writers lock in one order. */
  private String aggregate(String rows) {
    String positions =
        IntStream.rangeClosed(1, keys.size())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    String selected =
        all().stream()
            .map(kept -> kept.aggregate() + " AS " + kept.quoted())
            .collect(Collectors.joining(", "));
    return "SELECT %s FROM %s AS n GROUP BY %s ORDER BY %s"
        .formatted(selected, rows, positions, positions);
  }

  private String onConflict() {
    String merged =
        values.stream()
            .map(
                value -> {
                  String name = value.quoted();
                  return name + " = " + value.merged().replace("%1$s", name);
                })
            .collect(Collectors.joining(", "));
    return "ON CONFLICT (%s) DO UPDATE SET %s".formatted(names(keys), merged);
  }

  private List<Kept> all() {
    List<Kept> all = new ArrayList<>(keys);
    all.addAll(values);
    return all;
  }

  private static String names(List<Kept> kept) {
    return kept.stream().map(Kept::quoted).collect(Collectors.joining(", "));
  }
}
