package dev.escala.store.postgres;

import dev.escala.decode.ColumnName;
import dev.escala.decode.Partition;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.model.SqlIdentifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a table by event time: one for each span of time, and a default one for what
 * has none, so that no row is refused for its time.
 */
final class Partitions {
  /** A query of all of them locks each, with its indexes, of which the database has so many. */
  static final int MOST = 500;

  private static final String PARTS =
      """
      SELECT n.nspname, c.relname, m.bounds IS NULL,
             m.bounds[1]::timestamptz, m.bounds[2]::timestamptz
      FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid),
        'FROM \\(''([^'']+)''\\) TO \\(''([^'']+)''\\)') AS m(bounds)
      WHERE i.inhparent = ?::regclass
        AND pg_get_partkeydef(i.inhparent) = 'RANGE (_event_time)'
        AND (m.bounds IS NOT NULL OR pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT')
      ORDER BY 4\
      """;

  private final Connection connection;
  private final TopicSettings settings;
  private final Partition partition;
  private final String table;

  Partitions(Connection connection, TopicSettings settings) {
    this.connection = connection;
    this.settings = settings;
    this.partition = settings.maintenance().partition();
    this.table = TableCatalog.quoted(settings.table());
  }

  /**
   * One of them.
   *
   * @param name for SQL
   * @param from when its span begins; null of the default one
   * @param to when it has ended; null of the default one
   */
  record Part(String name, @Nullable Instant from, @Nullable Instant to) {
    boolean isDefault() {
      return to == null;
    }

    private boolean overlaps(Instant start, Instant end) {
      return from != null && to != null && from.isBefore(end) && to.isAfter(start);
    }

    /** Whether all that it may hold is before a time. */
    boolean isBefore(Instant time) {
      return to != null && !to.isAfter(time);
    }
  }

  /** Whether it is a day for which one is made: clocks that are wrong say any. */
  static boolean mayHave(LocalDate start) {
    return start.getYear() >= 1900 && start.getYear() < 2200;
  }

  /** The statements that create the table of a topic, with its default partition if it has one. */
  static List<String> createTable(TopicSettings settings, String columns) {
    String table = TableCatalog.quoted(settings.table());
    String create = "CREATE TABLE %s (%s)".formatted(table, columns);
    if (settings.maintenance().partition() == Partition.NONE) {
      return List.of(create);
    }
    return List.of(
        create + " PARTITION BY RANGE (\"_event_time\")",
        "CREATE TABLE %s PARTITION OF %s DEFAULT".formatted(named(settings, "default"), table));
  }

  private static String named(TopicSettings settings, String end) {
    TableName name = settings.table();
    return SqlIdentifier.quote(name.schema())
        + "."
        + SqlIdentifier.quote(ColumnName.of(name.table() + "_" + end));
  }

  /** In the order of their times; the default one last. */
  List<Part> read() throws SQLException {
    List<Part> parts = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PARTS)) {
      statement.setString(1, table);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String name =
              SqlIdentifier.quote(row.getString(1)) + "." + SqlIdentifier.quote(row.getString(2));
          parts.add(new Part(name, time(row, 4), time(row, 5)));
        }
      }
    }
    return parts;
  }

  private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** What became of a partition that was to be made. */
  enum Made {
    MADE,
    /** It was there, or part of another one is. */
    THERE,
    /** The default one has rows of it, which have to be moved. */
    NEEDS_MOVE,
    /** There are as many as may be, or its table is not partitioned so. */
    REFUSED
  }

  /**
   * Makes one in a transaction of its own, on a connection without one. Readers and writers of the
   * default partition wait meanwhile; those of all others only while rows are moved.
   *
   * @param start its first day
   * @param room how many of those that may be are left for others
   * @param moves whether rows that the default one has of it are moved, however long that takes
   */
  Made make(LocalDate start, int room, boolean moves, Duration lockTimeout) throws SQLException {
    connection.setAutoCommit(false);
    try {
      Sql.execute(connection, "SET LOCAL lock_timeout = " + lockTimeout.toMillis());
      TableChange.lock(connection, settings.table());
      Made made = make(start, room, moves);
      connection.commit();
      return made;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private Made make(LocalDate start, int room, boolean moves) throws SQLException {
    Instant from = start.atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant to = partition.after(start, 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    List<Part> parts = read();
    if (parts.stream().anyMatch(part -> part.overlaps(from, to))) {
      return Made.THERE;
    }
    if (parts.isEmpty() || parts.size() >= MOST - room) {
      return Made.REFUSED;
    }
    String name = named(settings, "p" + start.toString().replace("-", ""));
    Sql.execute(
        connection,
        "CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED)"
            .formatted(name, table));
    new DistributedTable(connection, settings.table()).follow(name);
    if (parts.getLast().isDefault() && !isClear(parts.getLast(), name, from, to, moves)) {
      connection.rollback();
      return Made.NEEDS_MOVE;
    }
    Sql.execute(
        connection,
        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
            .formatted(table, name, from, to));
    return Made.MADE;
  }

  /** Whether the default partition has no rows of the new one any more. */
  private boolean isClear(Part rest, String name, Instant from, Instant to, boolean moves)
      throws SQLException {
    String span = "\"_event_time\" >= '%s' AND \"_event_time\" < '%s'".formatted(from, to);
    String found = "SELECT FROM %s WHERE %s LIMIT 1".formatted(rest.name(), span);
    boolean alone = moves && Sql.finds(connection, found);
    if (alone) {
      // A query that was planned before, and waits for the default partition, would find the rows
      // in neither: it is not to be planned.
      Sql.execute(connection, "LOCK TABLE ONLY " + table);
    }
    Sql.execute(connection, "LOCK TABLE " + rest.name());
    if (!alone) {
      return !Sql.finds(connection, found);
    }
    String columns = columns();
    Sql.execute(
        connection,
        "WITH moved AS (DELETE FROM %s WHERE %s RETURNING *) INSERT INTO %s (%s) SELECT %s FROM moved"
            .formatted(rest.name(), span, name, columns, columns));
    return true;
  }

  /** Those that can be written, for SQL. */
  private String columns() throws SQLException {
    String sql =
        """
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''\
        """;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, table);
      try (ResultSet answer = statement.executeQuery()) {
        return answer.next() ? answer.getString(1) : "";
      }
    }
  }
}
