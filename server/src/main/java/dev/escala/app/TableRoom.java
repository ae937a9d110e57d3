package dev.escala.app;

import dev.escala.observe.Observation.RoomMeasured;
import dev.escala.observe.Observer;
import dev.escala.store.StoreException;
import dev.escala.store.postgres.TableCounts;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much room there is for what messages make, as the databases said when they were asked. */
final class TableRoom {
  private final Configuration configuration;
  private final Map<String, WritableDatabase> databases;
  private final Observer observer;

  /** By database; one that did not answer is not in it. */
  private volatile Map<String, TableCounts> counted = Map.of();

  TableRoom(
      Configuration configuration, Map<String, WritableDatabase> databases, Observer observer) {
    this.configuration = configuration;
    this.databases = databases;
    this.observer = observer;
  }

  /** Asks the databases, and tells how much is used. */
  void measure(Collection<String> openTopics) {
    Map<String, TableCounts> counts = new LinkedHashMap<>();
    databases.forEach(
        (name, database) -> {
          try {
            counts.put(name, database.tables().counts());
          } catch (StoreException away) {
            // told by whoever looks at the database
          }
        });
    counted = Map.copyOf(counts);
    Map<String, Double> byTopic = new HashMap<>();
    for (String topic : openTopics) {
      columns(topic).ifPresent(used -> byTopic.put(topic, (double) used / mostColumns(topic)));
    }
    InventedSettings most = configuration.invented();
    Map<String, Double> tables = new HashMap<>();
    Map<String, Double> columns = new HashMap<>();
    invented()
        .ifPresent(
            used -> {
              String database = configuration.inventedDatabase().orElseThrow();
              tables.put(database, (double) used.inventedTables() / most.tables());
              columns.put(database, (double) used.inventedColumns() / most.columns());
            });
    observer.observed(new RoomMeasured(tables, columns, byTopic));
  }

  /** Of the database in which topics that no configuration names have their tables. */
  Optional<TableCounts> invented() {
    return configuration.inventedDatabase().map(counted::get);
  }

  /** Columns that the table of a topic has. */
  Optional<Integer> columns(String topic) {
    return configuration
        .rows(topic)
        .map(rows -> counted.get(rows.table().database()))
        .map(counts -> counts.columns().get(topic));
  }

  /** Columns that messages may make of it. */
  int mostColumns(String topic) {
    return configuration.rows(topic).orElseThrow().maxColumns();
  }

  /** What is used, and what is allowed, in each bound; not yet known where it was not asked. */
  Map<String, Object> bounds(int open) {
    InventedSettings most = configuration.invented();
    @Nullable TableCounts used = invented().orElse(null);
    Map<String, Object> bounds = new LinkedHashMap<>();
    bounds.put("open", bound(open, most.most()));
    if (used != null) {
      bounds.put("tables", bound(used.inventedTables(), most.tables()));
      bounds.put("columns", bound(used.inventedColumns(), most.columns()));
    }
    bounds.put("tables_per_minute", Map.of("allowed", most.tablesPerMinute()));
    return bounds;
  }

  static Map<String, Object> bound(int used, int allowed) {
    Map<String, Object> bound = new LinkedHashMap<>();
    bound.put("used", used);
    bound.put("allowed", allowed);
    return bound;
  }
}
