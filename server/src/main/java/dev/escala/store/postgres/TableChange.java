package dev.escala.store.postgres;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnChange;
import dev.escala.decode.ColumnType;
import dev.escala.decode.Dedup;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TableIndex;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.model.SqlIdentifier;
import dev.escala.observe.Observation;
import dev.escala.postgres.Notices;
import dev.escala.postgres.SqlState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** One transaction that brings a table to what is configured and what messages need. */
final class TableChange {
  /** Widening rewrites the table under an exclusive lock: about a second for so much. */
  private static final long MAX_REWRITE_BYTES = 64L << 20;

  private final Connection connection;
  private final TopicSettings settings;
  private final TableName table;
  private final InventedBounds invented;
  private final List<Observation> observations = new ArrayList<>();

  TableChange(Connection connection, TopicSettings settings, InventedBounds invented) {
    this.connection = connection;
    this.settings = settings;
    this.invented = invented;
    this.table = settings.table();
  }

  /**
   * Applies what is possible; the caller commits.
   *
   * @param lockTimeout how long each lock is waited for: others wait behind it
   */
  List<Observation> apply(List<ColumnChange> changes, Duration lockTimeout) throws SQLException {
    execute("SET LOCAL lock_timeout = " + lockTimeout.toMillis());
    lock(connection, table);
    Map<String, ColumnType> wanted = wanted(changes);
    Optional<TableCatalog.Found> found = TableCatalog.read(connection, settings);
    if (found.isEmpty()) {
      create(atMost(room(0, true), wanted));
    } else {
      found.get().mark().require(settings);
      Map<String, ColumnType> wider = wider(changes);
      // Citus tells no size behind a change.
      boolean mayWiden = !wider.isEmpty() && tableBytes(found.get()) <= MAX_REWRITE_BYTES;
      adopt(found.get());
      wanted.keySet().removeAll(found.get().columns().positions().keySet());
      wanted.keySet().removeAll(found.get().columns().generated());
      if (!wanted.isEmpty()) {
        addMissing(atMost(room(found.get().columns().columns().size(), false), wanted));
      }
      if (mayWiden) {
        widen(found.get().columns(), wider);
      }
    }
    if (!observations.isEmpty()) {
      // Read sides listen, so that the table can be read as soon as its first row is there.
      Notices.tell(connection, "escala");
    }
    return observations;
  }

  /**
   * How many columns messages may still make. Instances that look at the same moment may go beyond
   * the bounds by what each makes then.
   */
  private int room(int columns, boolean isNew) throws SQLException {
    int room = settings.maxColumns() - columns;
    if (!settings.ownTable() || invented.isOpen()) {
      return room;
    }
    TableCounts counts = TableCounts.read(connection, invented.isInvented());
    if (isNew && counts.inventedTables() >= invented.tables()) {
      throw TableCatalog.misconfigured(
          "%s is not made: the database has %,d tables of topics that no configuration names, and publish.invented.tables allows no more"
              .formatted(table, counts.inventedTables()));
    }
    return Math.min(room, invented.columns() - counts.inventedColumns());
  }

  /** Several instances may see the same need at once; each looks again after the other. */
  static void lock(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      statement.setString(1, "escala table " + table);
      statement.execute();
    }
  }

  /** Declared columns first, then new ones; of two types for one name the one that holds both. */
  private Map<String, ColumnType> wanted(List<ColumnChange> changes) {
    Map<String, ColumnType> wanted = new LinkedHashMap<>();
    for (Column column : settings.declared()) {
      wanted.put(column.name(), column.type());
    }
    for (ColumnChange change : changes) {
      if (change instanceof ColumnChange.Add add) {
        wanted.merge(add.column(), add.type(), ColumnType::common);
      }
    }
    return wanted;
  }

  private void create(Map<String, ColumnType> wanted) throws SQLException {
    List<String> columns = new ArrayList<>();
    wanted.forEach((name, type) -> columns.add(SqlIdentifier.quote(name) + " " + type.sql()));
    columns.add("\"_id\" " + keyType() + " NOT NULL");
    columns.add("\"_event_time\" timestamptz NOT NULL");
    columns.add("\"_received_at\" timestamptz NOT NULL DEFAULT now()");
    columns.add("\"_source\" text NOT NULL");
    for (String name : TableCatalog.optional(settings)) {
      columns.add(SqlIdentifier.quote(name) + " " + TableCatalog.typeOfSystem(name));
    }
    int made = columns.size();
    duplicates().ifPresent(unique -> columns.add("PRIMARY KEY (" + unique + ")"));
    if (!exists("SELECT FROM pg_namespace WHERE nspname = ?", table.schema())) {
      execute("CREATE SCHEMA " + SqlIdentifier.quote(table.schema()));
    }
    for (String statement : Partitions.createTable(settings, String.join(", ", columns))) {
      execute(statement);
    }
    mark();
    if (settings.maintenance().distribution().byKey()) {
      distribute();
    } else if (!new DistributedTable(connection, table).isOne()) {
      count();
    }
    index(wanted);
    if (exists("SELECT FROM pg_roles WHERE rolname = ?", "escala_reader")) {
      execute("GRANT SELECT ON " + TableCatalog.quoted(table) + " TO escala_reader");
    }
    observations.add(new Observation.TableCreated(table.toString(), made));
  }

  private void distribute() throws SQLException {
    DistributedTable distributed = new DistributedTable(connection, table);
    distributed.make(settings.maintenance().distribution());
    if (settings.dedup().mode() == Dedup.Mode.WINDOW) {
      distributed.makeKeys(settings.maintenance().distribution());
    }
  }

  /** While the table is empty; what is refused here is told by who builds all others. */
  private void index(Map<String, ColumnType> made) throws SQLException {
    List<Column> columns =
        made.entrySet().stream()
            .map(column -> Column.nullable(column.getKey(), column.getValue()))
            .toList();
    TableIndexes indexes = new TableIndexes(settings);
    for (TableIndex index : indexes.wanted(new TableColumns(true, false, columns, Set.of()))) {
      var _ = tried(indexes.create(index, false), SqlState::isMisconfigured);
    }
  }

  private void mark() throws SQLException {
    execute(
        "COMMENT ON COLUMN %s.\"_id\" IS '%s'"
            .formatted(TableCatalog.quoted(table), TableMark.of(settings.topic())));
  }

  /** The columns of the index that finds duplicates, where one does. */
  private Optional<String> duplicates() {
    Dedup dedup = settings.dedup();
    return dedup.mode() == Dedup.Mode.WINDOW
        ? Optional.empty()
        : Optional.of(new RowIdentity(settings.keyFields().isEmpty(), dedup).columns());
  }

  private String keyType() {
    return settings.keyFields().isEmpty() ? "uuid" : "text";
  }

  /** Adds what the system needs to a table that somebody else made; rows there have none of it. */
  private void adopt(TableCatalog.Found found) throws SQLException {
    addSystem(found, "_id", keyType());
    addSystem(found, "_event_time");
    if (!found.system().contains("_received_at")) {
      execute(alter() + "ADD COLUMN \"_received_at\" timestamptz");
      execute(alter() + "ALTER COLUMN \"_received_at\" SET DEFAULT now()");
    }
    addSystem(found, "_source");
    for (String name : TableCatalog.optional(settings)) {
      addSystem(found, name);
    }
    if (!found.findsDuplicates()) {
      String unique = duplicates().orElseThrow();
      execute("CREATE UNIQUE INDEX ON %s (%s)".formatted(TableCatalog.quoted(table), unique));
    }
    if (found.mark().isDue(settings)) {
      mark();
    }
    if (!found.counted()) {
      count();
    }
  }

  /** From now on each change of the table is noted, also that of a login that may not note it. */
  private void count() throws SQLException {
    String quoted = TableCatalog.quoted(table);
    String trigger = PostgresTableVersions.TRIGGER;
    execute(
        "CREATE TRIGGER %s AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s EXECUTE FUNCTION escala.table_changed()"
            .formatted(trigger, quoted));
    execute(alter() + "ENABLE ALWAYS TRIGGER " + trigger);
    execute(
        "INSERT INTO escala.table_change (relation) VALUES ('%s'::regclass)"
            .formatted(quoted.replace("'", "''")));
  }

  private void addSystem(TableCatalog.Found found, String name) throws SQLException {
    addSystem(found, name, TableCatalog.typeOfSystem(name));
  }

  private void addSystem(TableCatalog.Found found, String name, String type) throws SQLException {
    if (!found.system().contains(name)) {
      execute(alter() + "ADD COLUMN " + SqlIdentifier.quote(name) + " " + type);
    }
  }

  /** Declared columns come first, so that only inferred ones are left out. */
  private Map<String, ColumnType> atMost(int room, Map<String, ColumnType> wanted) {
    Map<String, ColumnType> kept = new LinkedHashMap<>();
    int most = Math.max(room, settings.declared().size());
    wanted.forEach(
        (name, type) -> {
          if (kept.size() < most) {
            kept.put(name, type);
          }
        });
    return kept;
  }

  private void addMissing(Map<String, ColumnType> wanted) throws SQLException {
    List<Observation> added = new ArrayList<>();
    List<String> additions = new ArrayList<>();
    wanted.forEach(
        (name, type) -> {
          additions.add("ADD COLUMN " + SqlIdentifier.quote(name) + " " + type.sql());
          added.add(new Observation.ColumnAdded(table.toString(), name, type.sql()));
        });
    changed(additions, added);
  }

  /** In one statement where that goes; else each that goes. */
  private void changed(List<String> parts, List<Observation> each) throws SQLException {
    if (parts.isEmpty() || tried(alter() + String.join(", ", parts))) {
      observations.addAll(each);
      return;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (tried(alter() + parts.get(i))) {
        observations.add(each.get(i));
      }
    }
  }

  /** Of two types for one column the one that holds both. */
  private static Map<String, ColumnType> wider(List<ColumnChange> changes) {
    Map<String, ColumnType> wider = new LinkedHashMap<>();
    for (ColumnChange change : changes) {
      if (change instanceof ColumnChange.Widen widen) {
        wider.merge(widen.column(), widen.type(), ColumnType::common);
      }
    }
    return wider;
  }

  /** All in one statement, which writes the table anew once; else one by one. */
  private void widen(TableColumns columns, Map<String, ColumnType> wider) throws SQLException {
    List<String> alterations = new ArrayList<>();
    List<Observation> widened = new ArrayList<>();
    wider.forEach(
        (name, wanted) -> {
          Integer position = columns.positions().get(name);
          if (position != null) {
            Column column = columns.columns().get(position);
            ColumnType type = column.type().common(wanted);
            if (column.type().widensTo(type)) {
              alterations.add(alteration(name, type));
              widened.add(widened(column, type));
            }
          }
        });
    if (alterations.isEmpty()) {
      return;
    }
    // Times become texts, and dates times, as the settings have it.
    execute("SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'");
    changed(alterations, widened);
  }

  private static String alteration(String column, ColumnType type) {
    String name = SqlIdentifier.quote(column);
    String using =
        type.equals(ColumnType.JSONB) ? "to_jsonb(" + name + ")" : name + "::" + type.sql();
    return "ALTER COLUMN %s TYPE %s USING %s".formatted(name, type.sql(), using);
  }

  private Observation widened(Column column, ColumnType type) {
    return new Observation.ColumnWidened(
        table.toString(), column.name(), column.type().sql(), type.sql());
  }

  private long tableBytes(TableCatalog.Found found) throws SQLException {
    if (found.distributed()) {
      return new DistributedTable(connection, table).bytes();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(TableCatalog.bytes("pg_table_size"))) {
      statement.setString(1, TableCatalog.quoted(table));
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getLong(1) : 0;
      }
    }
  }

  private String alter() {
    return "ALTER TABLE " + TableCatalog.quoted(table) + " ";
  }

  /** A view on the column or a full table may forbid it: then the messages are rejected. */
  private boolean tried(String sql) throws SQLException {
    return tried(sql, SqlState::forbidsChange);
  }

  private boolean tried(String sql, Predicate<SQLException> refused) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      execute(sql);
      connection.releaseSavepoint(savepoint);
      return true;
    } catch (SQLException failure) {
      if (!refused.test(failure)) {
        throw failure;
      }
      connection.rollback(savepoint);
      return false;
    }
  }

  private boolean exists(String sql, String name) throws SQLException {
    return Sql.finds(connection, sql, name);
  }

  private void execute(String sql) throws SQLException {
    Sql.execute(connection, sql);
  }
}
