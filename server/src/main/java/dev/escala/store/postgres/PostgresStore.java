package dev.escala.store.postgres;

import dev.escala.decode.TopicSettings;
import dev.escala.model.TableNews;
import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.SqlState;
import dev.escala.store.ArchiveStore;
import dev.escala.store.TopicStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The tables of topics in one database. */
public final class PostgresStore implements AutoCloseable {
  private static final Duration LOOKING = Duration.ofSeconds(2);

  private final PostgresDatabase database;
  private final InventedBounds invented;
  private final Connections changes;
  private final Observer observer;
  private final PostgresTableVersions versions;
  private final PostgresTails tails;
  private final TableUpkeep upkeep;
  private final Tombstones tombstones;

  /** For what is archived; null where nothing is. */
  private @Nullable Connections archives;

  /** Does not touch the database yet; nobody listens to its tables. */
  public PostgresStore(PostgresDatabase database, Observer observer) {
    this(database, (schema, table) -> false, InventedBounds.NONE, observer);
  }

  /**
   * Does not touch the database yet.
   *
   * @param noted whether the rows that are stored in a table, given its schema, are noted
   * @param invented what topics may make that no configuration names
   */
  public PostgresStore(
      PostgresDatabase database,
      BiPredicate<String, String> noted,
      InventedBounds invented,
      Observer observer) {
    this.database = database;
    this.invented = invented;
    this.changes = database.beside("escala-changes", database.settings().statementTimeout());
    this.observer = observer;
    // Mostly it has nothing to do; while a table changes its version is unknown, and may be.
    this.versions = new PostgresTableVersions(changes);
    this.tails = new PostgresTails(database.beside("escala-tails", LOOKING), noted);
    this.tombstones = new Tombstones(changes);
    this.upkeep =
        new TableUpkeep(
            database.beside("escala-upkeep", TableUpkeep.LONGEST),
            changes,
            database.settings().changeLockTimeout(),
            observer);
  }

  /** Where the messages of a topic go; the settings are those of one topic, not of all others. */
  public TopicStore topic(TopicSettings settings) {
    return topic(settings, Optional.empty());
  }

  /** The same for messages of which most are new and many come at once. */
  public TopicStore inBulk(TopicSettings settings) {
    return topic(settings, Optional.of(new BulkCopy(settings)));
  }

  private TopicStore topic(TopicSettings settings, Optional<BulkCopy> bulk) {
    upkeep.due(settings);
    Duration lockTimeout = database.settings().changeLockTimeout();
    PartitionDemand partitions =
        new PartitionDemand(changes, lockTimeout, settings, () -> upkeep.due(settings), observer);
    Runnable reshaped =
        () -> {
          partitions.forget();
          upkeep.due(settings);
        };
    return new TopicStore(
        new PostgresTableShape(
            changes,
            new PostgresTableShape.Limits(lockTimeout, invented),
            settings,
            reshaped,
            observer),
        new PostgresTableWriter(
            database.writers(), settings, partitions, bulk, () -> changed(settings), observer));
  }

  private void changed(TopicSettings settings) {
    versions.changed(settings.table());
    if (settings.tail()) {
      tails.stored();
    }
    if (settings.dedup().versions()) {
      tombstones.written();
    }
  }

  /** The tables that topics have by now; asks the database. */
  public TableCounts counts() {
    try {
      return changes.lend(connection -> TableCounts.read(connection, invented.isInvented()));
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  /** The dead letters of all topics. */
  public LetterUpkeep letters() {
    return new LetterUpkeep(changes);
  }

  /** The partitions of a topic, for its archive; those of all topics are read one at a time. */
  public synchronized ArchiveStore archive(TopicSettings settings) {
    if (archives == null) {
      archives = database.beside("escala-archive", TableUpkeep.LONGEST);
    }
    Duration lockTimeout = database.settings().changeLockTimeout();
    return new PostgresArchive(archives, changes, lockTimeout, settings);
  }

  /** Of the tables of all topics. */
  public TableNews news() {
    return new TableNews(versions, tails);
  }

  /** Ends what looks after tables; the database is the caller's. */
  @Override
  public void close() {
    upkeep.close();
    versions.close();
    tails.close();
  }
}
