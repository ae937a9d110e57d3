package dev.escala.serve;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.Relationship;
import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.model.Rights;
import dev.escala.serve.database.CatalogKeeper;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import dev.escala.serve.relation.EmbedText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What there is to read, as JSON. */
final class CatalogIndex {

  private CatalogIndex() {}

  static void databases(Exchange exchange, Collection<DatabaseReads> databases) {
    Rights rights = exchange.caller().rights();
    List<Map<String, Object>> entries =
        databases.stream()
            .filter(reads -> rights.mayLookInto(reads.settings().name()))
            .map(
                reads ->
                    Map.<String, Object>of(
                        "name", reads.settings().name(), "href", "/" + reads.settings().name()))
            .toList();
    exchange.json(200, JsonText.of(Map.of("databases", entries)));
  }

  static void relations(Exchange exchange, DatabaseReads reads) {
    Optional<CatalogKeeper.Loaded> loaded = reads.keeper().current();
    if (loaded.isEmpty()) {
      ErrorAnswers.unavailable(exchange);
      return;
    }
    if (OpenApi.isWanted(exchange)) {
      OpenApi.answer(exchange, reads, loaded.get());
      return;
    }
    String database = reads.settings().name();
    Rights rights = exchange.caller().rights();
    List<Map<String, @Nullable Object>> entries =
        loaded.get().catalog().schemas().stream()
            .flatMap(schema -> loaded.get().catalog().in(schema).values().stream())
            .filter(relation -> rights.mayRead(database, relation.name()))
            .map(
                relation ->
                    entry(database, relation, from(relation, loaded.get(), rights, database)))
            .toList();
    Map<String, Object> index = new LinkedHashMap<>();
    index.put("database", database);
    index.put("relations", entries);
    exchange.json(200, JsonText.of(index));
  }

  private static List<Relationship> from(
      Relation relation, CatalogKeeper.Loaded loaded, Rights rights, String database) {
    return loaded.catalog().relationships().from(relation.fullName()).stream()
        .filter(each -> rights.mayRead(database, each.target().name()))
        .toList();
  }

  private static Map<String, @Nullable Object> entry(
      String database, Relation relation, List<Relationship> relationships) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("name", relation.name());
    entry.put("schema", relation.schema());
    entry.put("kind", relation.kind());
    entry.put("comment", relation.comment());
    entry.put("href", "/" + database + "/" + encoded(relation.name()));
    entry.put("primary_key", relation.primaryKey());
    entry.put("relationships", EmbedText.all(relationships));
    entry.put("columns", relation.columns().values().stream().map(CatalogIndex::entry).toList());
    return entry;
  }

  private static Map<String, @Nullable Object> entry(RelationColumn column) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("name", column.name());
    entry.put("type", column.type());
    entry.put("nullable", column.nullable());
    entry.put("comment", column.comment());
    return entry;
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
