package dev.escala.serve.database;

import dev.escala.catalog.ForeignKey;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationName;
import dev.escala.config.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the read dialect makes of a database.
 *
 * @param extraSearchPath schemas in which names without a schema are looked for behind those that
 *     are exposed
 * @param maxRows of an answer; more are left out without a word, as in PostgREST
 * @param maxRowsOf the same for single relations, by {@code name}, or {@code schema.name}
 * @param refersTo which columns hold keys of others, where no constraint says so
 * @param plans whether clients may see how their requests are run
 * @param queries that are published, called like functions
 * @param tablesToCome that topics make with their first message: a query that misses one of them is
 *     only early
 * @param maxAge how long answers may be kept and given again
 * @param past where old rows of relations are, by {@code schema.name}
 * @param preRequest the function that is called before each read, in its transaction; null for none
 */
public record DialectSettings(
    List<String> extraSearchPath,
    long maxRows,
    Map<String, Long> maxRowsOf,
    List<Reference> refersTo,
    boolean plans,
    List<QueryFile> queries,
    Set<RelationName> tablesToCome,
    MaxAge maxAge,
    Map<String, PastRows> past,
    @Nullable RelationName preRequest) {
  /** No limit. */
  public static final long ALL = Long.MAX_VALUE;

  public static final DialectSettings DEFAULT =
      new DialectSettings(List.of("public"), ALL, Map.of(), List.of(), false);

  /** Without published queries, and without a function that is called before. */
  public DialectSettings(
      List<String> extraSearchPath,
      long maxRows,
      Map<String, Long> maxRowsOf,
      List<Reference> refersTo,
      boolean plans) {
    this(
        extraSearchPath,
        maxRows,
        maxRowsOf,
        refersTo,
        plans,
        List.of(),
        Set.of(),
        MaxAge.NONE,
        Map.of(),
        null);
  }

  public DialectSettings {
    extraSearchPath = List.copyOf(extraSearchPath);
    maxRowsOf = Map.copyOf(maxRowsOf);
    refersTo = List.copyOf(refersTo);
    queries = List.copyOf(queries);
    tablesToCome = Set.copyOf(tablesToCome);
    past = Map.copyOf(past);
  }

  /** The same, knowing where old rows are. */
  public DialectSettings with(Map<String, PastRows> rows) {
    return new DialectSettings(
        extraSearchPath,
        maxRows,
        maxRowsOf,
        refersTo,
        plans,
        queries,
        tablesToCome,
        maxAge,
        rows,
        preRequest);
  }

  /** The same, calling a function before each read. */
  public DialectSettings calling(RelationName function) {
    return new DialectSettings(
        extraSearchPath,
        maxRows,
        maxRowsOf,
        refersTo,
        plans,
        queries,
        tablesToCome,
        maxAge,
        past,
        function);
  }

  /** The same where topics make these tables. */
  DialectSettings expecting(Set<RelationName> tables) {
    return new DialectSettings(
        extraSearchPath,
        maxRows,
        maxRowsOf,
        refersTo,
        plans,
        queries,
        tables,
        maxAge,
        past,
        preRequest);
  }

  /**
   * A column whose values are those of a column of another relation.
   *
   * @param relation as it is written, {@code name} or {@code schema.name}; so is the target
   */
  public record Reference(String relation, String column, String target, String targetColumn) {
    /** As a foreign key, which does not hold anything. */
    ForeignKey key(String schema) {
      return new ForeignKey(
          relation.substring(relation.indexOf('.') + 1) + "_" + column + "_refers_to",
          name(schema, relation),
          List.of(column),
          name(schema, target),
          List.of(targetColumn),
          false,
          false);
    }

    private static RelationName name(String schema, String written) {
      int dot = written.indexOf('.');
      return dot < 0
          ? new RelationName(schema, written)
          : new RelationName(written.substring(0, dot), written.substring(dot + 1));
    }
  }

  /** The references as foreign keys; names without a schema are of the default one. */
  List<ForeignKey> declaredKeys(String schema) {
    return refersTo.stream().map(reference -> reference.key(schema)).toList();
  }

  /** Reads keys of {@code databases.NAME}. */
  static DialectSettings read(Section section) {
    List<String> extra = section.texts("extra-search-path");
    Map<String, Long> maxRowsOf = new LinkedHashMap<>();
    List<Reference> refersTo = new ArrayList<>();
    Map<String, Section> relations = section.sections("relations");
    relations.forEach(
        (name, of) -> {
          if (of.has("max-rows")) {
            maxRowsOf.put(name, maxRows(of));
          }
          refersTo.addAll(references(name, of.section("refers-to")));
        });
    return new DialectSettings(
        section.has("extra-search-path") ? extra : DEFAULT.extraSearchPath(),
        maxRows(section),
        maxRowsOf,
        refersTo,
        section.flag("plan-enabled", false),
        QueryFile.read(section),
        Set.of(),
        MaxAge.read(section, relations),
        Map.of(),
        preRequest(section));
  }

  /** {@code schema.function}. */
  private static @Nullable RelationName preRequest(Section section) {
    String text = section.text("pre-request", "");
    int dot = text.indexOf('.');
    if (text.isEmpty()) {
      return null;
    }
    if (dot <= 0 || dot == text.length() - 1) {
      section.reject("pre-request", "must name a schema and a function, such as api.check");
      return null;
    }
    return new RelationName(text.substring(0, dot), text.substring(dot + 1));
  }

  /** {@code column: relation.column}. */
  private static List<Reference> references(String relation, Section section) {
    List<Reference> references = new ArrayList<>();
    for (String column : section.keys("")) {
      String target = section.text(column);
      int dot = target.lastIndexOf('.');
      if (dot <= 0 || dot == target.length() - 1) {
        section.reject(column, "must name a relation and its column, such as airports.iata");
      } else {
        references.add(
            new Reference(relation, column, target.substring(0, dot), target.substring(dot + 1)));
      }
    }
    return references;
  }

  /** 0, the default, is no limit. */
  private static long maxRows(Section section) {
    int rows = section.integer("max-rows", 0, 0, Integer.MAX_VALUE);
    return rows == 0 ? ALL : rows;
  }

  /** How many rows of a relation an answer has at most. */
  public long maxRows(Relation relation) {
    Long ofSchema = maxRowsOf.get(relation.schema() + "." + relation.name());
    return ofSchema == null ? maxRowsOf.getOrDefault(relation.name(), maxRows) : ofSchema;
  }

  /** Where old rows of a relation are. */
  public Optional<PastRows> past(Relation relation) {
    return past.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(past.get(relation.schema() + "." + relation.name()));
  }
}
