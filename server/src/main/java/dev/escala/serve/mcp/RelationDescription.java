package dev.escala.serve.mcp;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.Relationship;
import dev.escala.catalog.Relationship.Columns;
import dev.escala.catalog.Relationship.Computed;
import dev.escala.catalog.Relationship.Junction;
import dev.escala.catalog.Relationships;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What there is to know of a relation before it is read. */
final class RelationDescription {

  private RelationDescription() {}

  /**
   * As JSON.
   *
   * @param mayRead which other relations may be told of
   * @param rows about how many it has
   */
  static Map<String, @Nullable Object> of(
      Relation relation, Relationships all, Predicate<String> mayRead, String rows) {
    List<Relationship> from =
        all.from(relation.fullName()).stream()
            .filter(each -> mayRead.test(each.target().name()))
            .toList();
    Map<String, @Nullable Object> described = new LinkedHashMap<>();
    described.put("name", relation.name());
    described.put("schema", relation.schema());
    described.put("kind", relation.kind());
    described.put("comment", relation.comment());
    described.put("approximate_rows", rows.matches("\\d{1,18}") ? Long.valueOf(rows) : null);
    described.put(
        "columns", relation.columns().values().stream().map(RelationDescription::column).toList());
    described.put("primary_key", relation.primaryKey());
    described.put("unique_keys", relation.uniqueKeys());
    described.put("relationships", from.stream().map(each -> relationship(each, from)).toList());
    return described;
  }

  private static Map<String, @Nullable Object> column(RelationColumn column) {
    Map<String, @Nullable Object> described = new LinkedHashMap<>();
    described.put("name", column.name());
    described.put("type", column.type());
    described.put("nullable", column.nullable());
    described.put("comment", column.comment());
    return described;
  }

  private static Map<String, @Nullable Object> relationship(
      Relationship one, List<Relationship> all) {
    Map<String, @Nullable Object> described = new LinkedHashMap<>();
    described.put("relation", one.target().name());
    described.put("cardinality", one.cardinality());
    described.put("by", by(one));
    described.put("embed", "select=*,%s(*)".formatted(embed(one, all)));
    return described;
  }

  private static String by(Relationship one) {
    return switch (one.join()) {
      case Columns columns ->
          columns.pairs().stream()
              .map(
                  pair -> "%s = %s.%s".formatted(pair.local(), one.target().name(), pair.foreign()))
              .collect(Collectors.joining(" and "));
      case Junction junction -> "through " + junction.table().name();
      case Computed computed -> "the function " + computed.function().name();
    };
  }

  /** Where two lead to the same relation, the name of the constraint tells them apart. */
  private static String embed(Relationship one, List<Relationship> all) {
    String name = one.target().name();
    boolean isAlone = all.stream().filter(each -> each.target().name().equals(name)).count() == 1;
    return switch (one.join()) {
      case Computed computed -> computed.function().name();
      case Columns columns -> isAlone ? name : name + "!" + columns.constraint();
      case Junction junction -> isAlone ? name : name + "!" + junction.table().name();
    };
  }
}
