package dev.escala.store.postgres;

import dev.escala.decode.ColumnChange;
import dev.escala.decode.TableColumns;
import dev.escala.decode.TopicSettings;
import dev.escala.decode.TopicSettings.UnknownFields;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import dev.escala.store.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the columns when first needed, and keeps them until somebody finds them outdated. */
final class PostgresTableShape implements TableShape {
  private final PostgresStore store;
  private final TopicSettings settings;
  private final Observer observer;
  private volatile @Nullable TableColumns known;

  PostgresTableShape(PostgresStore store, TopicSettings settings, Observer observer) {
    this.store = store;
    this.settings = settings;
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
          store.lend(connection -> TableCatalog.read(connection, settings.table()));
      if (found.isPresent() && complete(found.get())) {
        known = found.get().columns();
        return found.get().columns();
      }
      if (found.isPresent() || !settings.declared().isEmpty()) {
        return evolve(List.of());
      }
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
    return new TableColumns(false, settings.keyFields().isEmpty(), List.of(), Set.of());
  }

  private boolean complete(TableCatalog.Found found) {
    boolean extra =
        settings.unknownFields() != UnknownFields.KEEP || found.system().contains("_extra");
    return extra
        && found.uniqueKey()
        && found.system().containsAll(Set.of("_id", "_event_time", "_received_at", "_source"))
        && settings.declared().stream()
            .allMatch(
                column ->
                    found.columns().positions().containsKey(column.name())
                        || found.columns().generated().contains(column.name()));
  }

  @Override
  public synchronized TableColumns evolve(List<ColumnChange> changes) {
    try {
      List<Observation> observations = store.lend(connection -> apply(connection, changes));
      observations.forEach(observer::observed);
      TableColumns columns =
          store
              .lend(connection -> TableCatalog.read(connection, settings.table()))
              .map(TableCatalog.Found::columns)
              .orElseThrow(() -> TableCatalog.misconfigured(settings.table() + " was dropped"));
      known = columns;
      return columns;
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }

  private List<Observation> apply(Connection connection, List<ColumnChange> changes)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      List<Observation> observations = new TableChange(connection, settings).apply(changes);
      connection.commit();
      return observations;
    } catch (SQLException failure) {
      connection.rollback();
      throw failure;
    } finally {
      connection.setAutoCommit(true);
    }
  }
}
