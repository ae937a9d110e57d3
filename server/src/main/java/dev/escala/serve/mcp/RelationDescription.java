package dev.escala.serve.mcp;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.Relationship;
import dev.escala.catalog.Relationships;
import dev.escala.serve.relation.EmbedText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
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
    described.put("relationships", EmbedText.all(from));
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
}
