package dev.escala.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table or a view.
 *
 * @param columns in the order of the table, those that the login may read
 * @param primaryKey names of columns, empty without a primary key
 */
public record Relation(
    String schema,
    String name,
    RelationKind kind,
    Map<String, Column> columns,
    List<String> primaryKey,
    @Nullable String comment) {

  public Relation {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    primaryKey = List.copyOf(primaryKey);
  }

  public Optional<Column> column(String columnName) {
    return Optional.ofNullable(columns.get(columnName));
  }
}
