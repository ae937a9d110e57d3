package dev.escala.store.postgres;

import dev.escala.decode.Column;
import dev.escala.decode.ColumnChange;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import dev.escala.postgres.SqlState;
import dev.escala.store.StoreException;
import dev.escala.store.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the columns when first needed, and keeps them until somebody finds them outdated. */
final class PostgresTableShape implements TableShape {
  private final Connections connections;
  private final Limits limits;
  private final TopicSettings settings;
  private final Runnable changed;
  private final Observer observer;
  private volatile @Nullable TableColumns known;

  /**
   * Of changes.
   *
   * @param lockTimeout how long each lock is waited for
   * @param invented what topics may make that no configuration names
   */
  record Limits(Duration lockTimeout, InventedBounds invented) {}

  /** Tells of each change that it made. */
  PostgresTableShape(
      Connections connections,
      Limits limits,
      TopicSettings settings,
      Runnable changed,
      Observer observer) {
    this.connections = connections;
    this.limits = limits;
    this.settings = settings;
    this.changed = changed;
    this.observer = observer;
  }

  @Override
  public TableColumns columns() {
    TableColumns columns = known;
    return columns != null ? columns : read();
  }

  @Override
  public void invalidate() {
    known = null;
  }

  private TableColumns read() {
    try {
      Optional<TableCatalog.Found> found =
          connections.lend(connection -> TableCatalog.read(connection, settings));
      TableColumns columns = found.map(this::usable).orElseGet(this::wanted);
      known = columns.ready() ? columns : null;
      return columns;
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  /** Of a table that is not there: what is declared, to which messages add theirs. */
  private TableColumns wanted() {
    return new TableColumns(false, settings.keyFields().isEmpty(), settings.declared(), Set.of());
  }

  private TableColumns usable(TableCatalog.Found found) {
    found.mark().require(settings);
    TableColumns columns = found.columns();
    List<Column> missing =
        settings.declared().stream()
            .filter(column -> !columns.positions().containsKey(column.name()))
            .filter(column -> !columns.generated().contains(column.name()))
            .toList();
    if (missing.isEmpty()
        && found.findsDuplicates()
        && found.system().containsAll(TableCatalog.required(settings))
        && found.counted()
        && !found.mark().isDue(settings)) {
      return columns;
    }
    List<Column> completed = new ArrayList<>(columns.columns());
    completed.addAll(missing);
    return new TableColumns(
        false,
        columns.uuidKey(),
        completed,
        columns.generated(),
        columns.made(),
        columns.uniqueKey());
  }

  @Override
  public TableColumns evolve(List<ColumnChange> changes) {
    try {
      List<Observation> observations = connections.lend(connection -> apply(connection, changes));
      observations.forEach(observer::observed);
      if (!observations.isEmpty()) {
        changed.run();
      }
      TableColumns columns =
          connections
              .lend(connection -> TableCatalog.read(connection, settings))
              .map(TableCatalog.Found::columns)
              .orElseThrow(() -> TableCatalog.misconfigured(settings.table() + " was dropped"));
      known = columns;
      return columns;
    } catch (SQLException failure) {
      if (SqlState.isLocked(failure)) {
        throw new StoreException(
            ReturnReason.TABLE_LOCKED, "55", settings.table() + " is in use, and is to change");
      }
      throw SqlState.unavailable(failure);
    }
  }

  /** What is not committed is rolled back with the connection that is given back. */
  private List<Observation> apply(Connection connection, List<ColumnChange> changes)
      throws SQLException {
    connection.setAutoCommit(false);
    List<Observation> observations =
        new TableChange(connection, settings, limits.invented())
            .apply(changes, limits.lockTimeout());
    connection.commit();
    return observations;
  }
}
