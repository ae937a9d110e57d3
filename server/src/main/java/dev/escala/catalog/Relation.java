package dev.escala.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table or a view.
 *
 * @param columns in the order of the table, those that the login may read
 * @param primaryKey names of columns, empty without a primary key
 * @param uniqueKeys sets of columns, the primary key among them, whose values no two rows share
 */
public record Relation(
    String schema,
    String name,
    RelationKind kind,
    Map<String, RelationColumn> columns,
    List<String> primaryKey,
    List<Set<String>> uniqueKeys,
    @Nullable String comment) {

  public Relation {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    primaryKey = List.copyOf(primaryKey);
    uniqueKeys = uniqueKeys.stream().map(Set::copyOf).toList();
  }

  public Optional<RelationColumn> column(String columnName) {
    return Optional.ofNullable(columns.get(columnName));
  }
}
