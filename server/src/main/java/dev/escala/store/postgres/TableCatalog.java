package dev.escala.store.postgres;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnType;
import dev.escala.decode.Dedup;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.decode.TopicSettings.UnknownFields;
import dev.escala.model.ReturnReason;
import dev.escala.model.SqlIdentifier;
import dev.escala.store.StoreException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the database says about a table. */
final class TableCatalog {
  static final Set<String> SYSTEM =
      Set.of("_id", "_event_time", "_received_at", "_source", "_extra");

  /** The place of a row's message at its source, where versions take the place of each other. */
  static final String SEQUENCE = "_sequence";

  /** What was done to the values of a row, where the topic wants to know. */
  static final String ISSUES = "_issues";

  /** Those that every table has. */
  private static final Set<String> REQUIRED =
      Set.of("_id", "_event_time", "_received_at", "_source");

  private static final String COLUMNS =
      """
      SELECT c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
             a.attgenerated <> '' OR a.attidentity = 'a',
             CASE WHEN a.attidentity = 'd' THEN format('nextval(%L::regclass)',
                    pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname))
                  ELSE pg_get_expr(d.adbin, d.adrelid) END,
             EXISTS (SELECT FROM pg_index i
                     WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
                       AND i.indimmediate AND i.indpred IS NULL AND i.indnkeyatts = 1
                       AND i.indkey[0] = a.attnum),
             a.atttypid = 'bpchar'::regtype
             OR EXISTS (SELECT FROM pg_collation l
                        WHERE l.oid = a.attcollation AND NOT l.collisdeterministic),
             EXISTS (SELECT FROM pg_index i
                     WHERE i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
                       AND i.indkey[0] = a.attnum),
             pg_has_role(c.relowner, 'USAGE'), col_description(c.oid, a.attnum),
             EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = ?),
             EXISTS (SELECT FROM pg_index i
                     JOIN pg_attribute e ON e.attrelid = c.oid AND e.attname = '_event_time'
                     WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
                       AND i.indimmediate AND i.indpred IS NULL AND i.indnkeyatts = 2
                       AND (i.indkey[0] = a.attnum AND i.indkey[1] = e.attnum
                         OR i.indkey[0] = e.attnum AND i.indkey[1] = a.attnum)),
             pg_get_partkeydef(c.oid),
             EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                     WHERE t.tgrelid = c.oid AND p.proname = 'citus_truncate_trigger'),
             EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.condeferrable)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE n.nspname = ? AND c.relname = ?
      ORDER BY a.attnum\
      """;

  private TableCatalog() {}

  /** The names of all columns that are never a message's, for SQL. */
  static Array systemColumns(Connection connection) throws SQLException {
    return connection.createArrayOf(
        "text", Stream.concat(SYSTEM.stream(), Stream.of(SEQUENCE, ISSUES)).toArray());
  }

  /** The name of a table for SQL. */
  static String quoted(TableName table) {
    return SqlIdentifier.quote(table.schema()) + "." + SqlIdentifier.quote(table.table());
  }

  /**
   * A query for the bytes of a table, whose name it takes, with its partitions. A table without any
   * is in no tree, and one that has some has no bytes of its own.
   *
   * @param function that tells them of one table
   */
  static String bytes(String function) {
    return """
    SELECT %1$s(r.oid) + coalesce((SELECT sum(%1$s(t.relid)) FROM pg_partition_tree(r.oid) t), 0)
    FROM (SELECT ?::regclass AS oid) AS r\
    """
        .formatted(function);
  }

  /**
   * A table as it is.
   *
   * @param system names of the system columns that are there
   * @param findsDuplicates whether it has the index that the topic's dedup needs, if it needs one
   * @param partitioned whether it is by event time
   * @param distributed whether its rows stand on workers of Citus
   * @param counted whether its changes are counted, as far as the login may see to it; no trigger
   *     counts those of a distributed table
   */
  record Found(
      TableColumns columns,
      Set<String> system,
      boolean findsDuplicates,
      boolean partitioned,
      boolean distributed,
      TableMark mark,
      boolean counted) {}

  /** The type of a system column but the key, as it is made. */
  static String typeOfSystem(String name) {
    return switch (name) {
      case "_event_time", "_received_at" -> "timestamptz";
      case "_extra", ISSUES -> "jsonb";
      case SEQUENCE -> "numeric";
      default -> "text";
    };
  }

  /** Those that the table of a topic has to have. */
  static Set<String> required(TopicSettings settings) {
    Set<String> required = new HashSet<>(REQUIRED);
    required.addAll(optional(settings));
    return required;
  }

  /** Those that it has for the sake of the topic's settings. */
  static List<String> optional(TopicSettings settings) {
    List<String> optional = new ArrayList<>();
    if (settings.unknownFields() == UnknownFields.KEEP) {
      optional.add("_extra");
    }
    if (settings.dedup().versions()) {
      optional.add(SEQUENCE);
    }
    if (settings.issues()) {
      optional.add(ISSUES);
    }
    return optional;
  }

  /** The table of a topic, where it is there. */
  static Optional<Found> read(Connection connection, TopicSettings settings) throws SQLException {
    TableName table = settings.table();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, PostgresTableVersions.TRIGGER);
      statement.setString(2, table.schema());
      statement.setString(3, table.table());
      try (ResultSet result = statement.executeQuery()) {
        Optional<Found> found =
            result.next() ? Optional.of(found(result, settings)) : Optional.empty();
        if (found.isPresent() && settings.dedup().mode() == Dedup.Mode.WINDOW) {
          requireKeys(connection, settings, found.get());
        }
        return found;
      }
    }
  }

  /** Where the keys are that a table has seen, the configuration says. */
  private static void requireKeys(Connection connection, TopicSettings settings, Found found)
      throws SQLException {
    boolean byKey =
        found.distributed()
            && Sql.finds(
                connection,
                "SELECT FROM pg_dist_partition WHERE logicalrelid = ?::regclass AND partmethod ="
                    + " 'h'",
                quoted(settings.table()));
    if (byKey != settings.maintenance().distribution().byKey()) {
      throw misconfigured(
          "%s was made %s distribute: key, which does not change with dedup: window, since the keys it has seen would be forgotten"
              .formatted(settings.table(), byKey ? "with" : "without"));
    }
  }

  private static Found found(ResultSet result, TopicSettings settings) throws SQLException {
    TableName table = settings.table();
    String kind = result.getString(1);
    if (!"r".equals(kind) && !"p".equals(kind)) {
      throw misconfigured(table + " is there, and is not a table");
    }
    Reading reading = new Reading(settings);
    do {
      if (result.getString(2) != null) {
        reading.column(result);
      }
    } while (result.next());
    return reading.found();
  }

  /** One pass over the columns of a table. */
  private static final class Reading {
    private final TableName table;
    private final Dedup dedup;
    private final List<String> optional;
    private final List<Column> columns = new ArrayList<>();
    private final Set<String> generated = new HashSet<>();
    private final Set<String> system = new HashSet<>();
    private final Set<String> notNull = new HashSet<>();
    private ColumnType keyType = ColumnType.TEXT;
    private boolean uniqueKey;
    private boolean uniqueWithTime;
    private boolean primaryKey;
    private boolean partitioned;
    private boolean distributed;
    private boolean defers;
    private boolean owned;
    private boolean counted;
    private @Nullable String keyComment;

    Reading(TopicSettings settings) {
      this.table = settings.table();
      this.dedup = settings.dedup();
      this.optional = optional(settings);
    }

    void column(ResultSet result) throws SQLException {
      String name = result.getString(2);
      owned = result.getBoolean(10);
      counted = result.getBoolean(12);
      partitioned = "RANGE (_event_time)".equals(result.getString(14));
      distributed = result.getBoolean(15);
      defers = result.getBoolean(16);
      if (SYSTEM.contains(name) || optional.contains(name)) {
        system(name, result);
      } else if (result.getBoolean(5)) {
        generated.add(name);
      } else {
        columns.add(TableCatalog.column(name, result));
      }
    }

    private void system(String name, ResultSet result) throws SQLException {
      system.add(name);
      if (result.getBoolean(4)) {
        notNull.add(name);
      }
      if (name.equals(ISSUES) && !result.getString(3).equals("jsonb")) {
        throw misconfigured(
            "column _issues of %s is %s; with issues: true it must be jsonb: rename or drop it"
                .formatted(table, result.getString(3)));
      }
      if (name.equals("_id")) {
        keyType = ColumnType.parse(result.getString(3));
        uniqueKey = result.getBoolean(7);
        requireExact(result, table);
        primaryKey = result.getBoolean(9);
        uniqueWithTime = result.getBoolean(13);
        keyComment = result.getString(11);
      }
    }

    Found found() {
      if (distributed && defers) {
        throw misconfigured(
            "%s has a constraint that is deferrable: workers check it behind the last moment at which one row could be refused; make it NOT DEFERRABLE"
                .formatted(table));
      }
      boolean uuid = keyType.kind() == ColumnType.Kind.UUID;
      if (!uuid && keyType.kind() != ColumnType.Kind.TEXT) {
        throw misconfigured(
            "column _id of " + table + " is " + keyType.sql() + "; it must be text or uuid");
      }
      boolean marked = primaryKey || TableMark.topic(keyComment).isPresent();
      boolean made = marked && notNull.containsAll(REQUIRED);
      return new Found(
          new TableColumns(true, uuid, columns, generated, made, uniqueKey),
          system,
          findsDuplicates(),
          partitioned,
          distributed,
          new TableMark(made, owned, keyComment),
          counted || !owned || distributed);
    }

    private boolean findsDuplicates() {
      return switch (dedup.mode()) {
        case KEY, LATEST -> uniqueKey;
        case KEY_TIME -> uniqueWithTime;
        case WINDOW -> true;
      };
    }
  }

  /** Where the database takes different texts for equal, different messages would be one row. */
  private static void requireExact(ResultSet result, TableName table) throws SQLException {
    if (result.getBoolean(8)) {
      throw misconfigured(
          "column _id of "
              + table
              + " takes different texts for equal; make it text with a deterministic collation");
    }
  }

  private static Column column(String name, ResultSet result) throws SQLException {
    String defaultSql = result.getString(6);
    return new Column(
        name,
        ColumnType.parse(result.getString(3)),
        result.getBoolean(4) && defaultSql == null,
        defaultSql);
  }

  static StoreException misconfigured(String detail) {
    return new StoreException(ReturnReason.TABLE_MISCONFIGURED, "42", detail);
  }
}
