package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.postgres.ConnectionWork;
import dev.escala.postgres.Connections;
import dev.escala.postgres.SqlState;
import dev.escala.store.ArchivePart;
import dev.escala.store.ArchivePart.Step;
import dev.escala.store.ArchiveStore.PartColumn;
import dev.escala.store.ArchiveStore.Parts;
import dev.escala.store.ArchiveStore.Rows;
import dev.escala.store.postgres.Partitions.Part;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Of one topic, for whoever works alone on them. */
final class PostgresParts implements Parts {
  private static final UUID NONE = new UUID(0, 0);

  /** So often a lock is asked for. */
  private static final int ATTEMPTS = 60;

  /**
   * Who waits in the line for a lock holds up all who come behind; so the line is left for a while,
   * and nothing tells when it is free.
   */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Connection connection;
  private final Connections changes;
  private final Duration lockTimeout;
  private final TopicSettings settings;

  /**
   * @param connection for what takes long; its lock says that nobody else works on them
   */
  PostgresParts(
      Connection connection, Connections changes, Duration lockTimeout, TopicSettings settings) {
    this.connection = connection;
    this.changes = changes;
    this.lockTimeout = lockTimeout;
    this.settings = settings;
  }

  @Override
  public List<ArchivePart> closed(Duration after, Duration retain) {
    try {
      Instant now = now();
      boolean isCounted = isCounted();
      List<ArchivePart> closed = new ArrayList<>();
      for (Part part : new Partitions(connection, settings).read()) {
        if (part.isBefore(now.minus(after))) {
          closed.add(noted(part, isCounted && part.isBefore(now.minus(retain))));
        }
      }
      return closed;
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  /** Whether rollups have all rows; what is not counted is not dropped. */
  private boolean isCounted() throws SQLException {
    Optional<TableCatalog.Found> found = TableCatalog.read(connection, settings);
    Upkeep upkeep =
        new Upkeep(connection, changes, lockTimeout, new LongStatement(), observation -> {});
    return found.isPresent()
        && new RollupBuilding(upkeep, settings, found.get().columns()).areComplete();
  }

  private Instant now() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT now()")) {
      var _ = row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private ArchivePart noted(Part part, boolean isOver) throws SQLException {
    String sql =
        """
        SELECT id, step, generation, file, rows, bytes, columns, checksum
        FROM escala.archive WHERE relation = ?::regclass\
        """;
    Instant from = Objects.requireNonNull(part.from());
    Instant to = Objects.requireNonNull(part.to());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, part.name());
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return new ArchivePart(
              NONE, part.name(), from, to, isOver, Step.FOUND, 1, null, 0, 0, "", "");
        }
        return new ArchivePart(
            row.getObject(1, UUID.class),
            part.name(),
            from,
            to,
            isOver,
            Step.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
            row.getInt(3),
            row.getString(4),
            row.getLong(5),
            row.getLong(6),
            row.getString(7),
            row.getString(8));
      }
    }
  }

  @Override
  public ArchivePart begin(ArchivePart part) {
    UUID id = UUID.randomUUID();
    change(
        changing -> {
          Sql.execute(changing, "LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE".formatted(part.name()));
          insert(changing, id, part);
          trigger(changing, id, part.name(), "INSERT OR UPDATE OR DELETE", "ROW", "");
          trigger(changing, id, part.name(), "TRUNCATE", "STATEMENT", "_all");
        });
    return new ArchivePart(
        id,
        part.name(),
        part.from(),
        part.to(),
        part.isOver(),
        Step.WRITING,
        1,
        null,
        0,
        0,
        "",
        "");
  }

  private void insert(Connection changing, UUID id, ArchivePart part) throws SQLException {
    String sql =
        """
        INSERT INTO escala.archive (id, topic, relation, part, begins, ends)
        VALUES (?, ?, ?::regclass, ?, ?::timestamptz, ?::timestamptz)\
        """;
    try (PreparedStatement statement = changing.prepareStatement(sql)) {
      statement.setObject(1, id);
      statement.setString(2, settings.topic());
      statement.setString(3, part.name());
      statement.setString(4, part.name());
      statement.setString(5, part.from().toString());
      statement.setString(6, part.to().toString());
      statement.executeUpdate();
    }
  }

  /** Fires whoever writes, also what replicates rows. */
  private static void trigger(
      Connection changing, UUID id, String part, String events, String each, String end)
      throws SQLException {
    Sql.execute(
        changing,
        "CREATE OR REPLACE TRIGGER escala_archive%s AFTER %s ON %s FOR EACH %s EXECUTE FUNCTION escala.archive_changed('%s')"
            .formatted(end, events, part, each, id));
    Sql.execute(
        changing, "ALTER TABLE %s ENABLE ALWAYS TRIGGER escala_archive%s".formatted(part, end));
  }

  @Override
  public List<PartColumn> columns(ArchivePart part) {
    try {
      return columns(connection, part);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  private static List<PartColumn> columns(Connection connection, ArchivePart part)
      throws SQLException {
    String sql =
        """
        SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname COLLATE "C"\
        """;
    List<PartColumn> columns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, part.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          columns.add(new PartColumn(row.getString(1), row.getString(2)));
        }
      }
    }
    return columns;
  }

  @Override
  public void read(ArchivePart part, List<PartColumn> columns, Rows rows) throws IOException {
    try {
      new PartReading(connection, part.name(), columns).read(rows);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  @Override
  public boolean hasChanged(ArchivePart part) {
    try {
      return hasChanged(connection, part);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  private static boolean hasChanged(Connection connection, ArchivePart part) throws SQLException {
    return Sql.finds(
        connection,
        "SELECT FROM escala.archive_change WHERE archive = ?::uuid LIMIT 1",
        part.id().toString());
  }

  @Override
  public void note(ArchivePart part) {
    change(changing -> note(changing, part));
  }

  private static void note(Connection changing, ArchivePart part) throws SQLException {
    String sql =
        """
        UPDATE escala.archive
        SET step = ?, generation = ?, file = ?, rows = ?, bytes = ?, columns = ?, checksum = ?,
            relation = CASE WHEN ? THEN NULL ELSE relation END, noted_at = now()
        WHERE id = ?\
        """;
    try (PreparedStatement statement = changing.prepareStatement(sql)) {
      statement.setString(1, part.step().name().toLowerCase(Locale.ROOT));
      statement.setInt(2, part.generation());
      statement.setString(3, part.file());
      statement.setLong(4, part.rows());
      statement.setLong(5, part.bytes());
      statement.setString(6, part.columns());
      statement.setString(7, part.checksum());
      statement.setBoolean(8, part.step() == Step.DROPPED);
      statement.setObject(9, part.id());
      if (statement.executeUpdate() != 1) {
        throw TableCatalog.misconfigured("escala.archive lost " + part.name() + " meanwhile");
      }
    }
  }

  @Override
  public ArchivePart again(ArchivePart part) {
    ArchivePart anew = part.again();
    change(
        changing -> {
          // Who writes now has ended when the notes are deleted, so that the next read sees it.
          Sql.execute(changing, "LOCK TABLE %s IN SHARE MODE".formatted(part.name()));
          forget(changing, part);
          note(changing, anew);
        });
    return anew;
  }

  private static void forget(Connection changing, ArchivePart part) throws SQLException {
    try (PreparedStatement statement =
        changing.prepareStatement("DELETE FROM escala.archive_change WHERE archive = ?")) {
      statement.setObject(1, part.id());
      statement.executeUpdate();
    }
  }

  @Override
  public boolean drop(ArchivePart part) {
    boolean[] dropped = {false};
    change(
        changing -> {
          TableChange.lock(changing, settings.table());
          // In the order of readers and writers, who would wait for each other with this otherwise.
          Sql.execute(changing, "LOCK TABLE ONLY " + TableCatalog.quoted(settings.table()));
          Sql.execute(changing, "LOCK TABLE " + part.name());
          String columns = columns(changing, part).toString();
          if (!hasChanged(changing, part) && columns.equals(part.columns())) {
            Sql.execute(changing, "DROP TABLE " + part.name());
            note(changing, part.at(Step.DROPPED));
            dropped[0] = true;
          }
        });
    return dropped[0];
  }

  /** Where others use the table a lock is not waited for long, but asked for again. */
  private void change(Upkeep.Change change) {
    ConnectionWork<Boolean> work =
        changing -> {
          changing.setAutoCommit(false);
          Sql.execute(changing, "SET LOCAL lock_timeout = " + lockTimeout.toMillis());
          change.with(changing);
          changing.commit();
          return true;
        };
    boolean isDone = false;
    for (int i = 1; !isDone; i++) {
      try {
        isDone = changes.lend(work);
      } catch (SQLException failure) {
        if (i == ATTEMPTS || !SqlState.isLocked(failure) || !isPaused()) {
          throw SqlState.unavailable(failure);
        }
      }
    }
  }

  /** Says whether anybody still waits for it. */
  private static boolean isPaused() {
    try {
      Thread.sleep(PAUSE);
      return true;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
