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
 * @param computed functions of one of its rows by name; {@code *} does not stand for them
 */
public record Relation(
    String schema,
    String name,
    RelationKind kind,
    Map<String, RelationColumn> columns,
    List<String> primaryKey,
    List<Set<String>> uniqueKeys,
    Map<String, ComputedColumn> computed,
    @Nullable String comment) {

  public Relation {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    primaryKey = List.copyOf(primaryKey);
    uniqueKeys = uniqueKeys.stream().map(Set::copyOf).toList();
    computed = Map.copyOf(computed);
  }

  /** Rows that no table has: what a function gives, or a published query. */
  public static Relation ofRows(RelationName name, List<RelationColumn> columns) {
    Map<String, RelationColumn> byName = new LinkedHashMap<>();
    columns.forEach(column -> byName.put(column.name(), column));
    return new Relation(
        name.schema(),
        name.name(),
        RelationKind.VIEW,
        byName,
        List.of(),
        List.of(),
        Map.of(),
        null);
  }

  public RelationName fullName() {
    return new RelationName(schema, name);
  }

  public Optional<RelationColumn> column(String columnName) {
    return Optional.ofNullable(columns.get(columnName));
  }
}
