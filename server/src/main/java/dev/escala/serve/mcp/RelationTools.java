package dev.escala.serve.mcp;

import dev.escala.catalog.DatabaseCatalog;
import dev.escala.catalog.Relation;
import dev.escala.http.HeldReply.Held;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.http.Question;
import dev.escala.query.QueryRefused;
import dev.escala.query.QueryString;
import dev.escala.query.QueryString.Parameter;
import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseErrors;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.relation.RelationHandler;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tools that list, describe and read relations. */
record RelationTools(DatabaseReads reads, RelationHandler relations) {
  private static final int MOST_LISTED = 500;
  private static final int SAMPLE = 5;
  private static final int USUAL_ROWS = 20;
  private static final String SCHEMA =
      "The schema that list_relations tells; without it, the first one that is exposed";

  /** All of them. */
  List<Tool> all() {
    return List.of(list(), describe(), read());
  }

  private Tool list() {
    return new Tool(
        "list_relations",
        "List relations",
        "Lists the tables and views that can be read, with their kinds and comments. Begin here.",
        Map.of("contains", Tool.text("Only those whose name or comment contains this")),
        Set.of(),
        rights -> true,
        this::list);
  }

  private Tool describe() {
    return new Tool(
        "describe_relation",
        "Describe a relation",
        "Tells the columns of a table or view with their types and comments, its keys, how it"
            + " relates to others, about how many rows it has, and shows up to 5 of them. Ask"
            + " before you read or query a relation.",
        relation(),
        Set.of("relation"),
        rights -> true,
        this::describe);
  }

  private static Map<String, Map<String, Object>> relation() {
    Map<String, Map<String, Object>> properties = new LinkedHashMap<>();
    properties.put("relation", Tool.text("The name of the table or view"));
    properties.put("schema", Tool.text(SCHEMA));
    return properties;
  }

  private Tool read() {
    Map<String, Map<String, Object>> properties = relation();
    properties.put(
        "query",
        Tool.text(
            "A query string in PostgREST's dialect, percent-encoded where values have & + # or %."
                + " Columns: select=a,b. Filters: a=eq.1, a=gte.5, a=in.(1,2), a=like.*x*,"
                + " a=is.null, not.: a=not.eq.1, or=(a.eq.1,b.gt.2). Order: order=a.desc,b."
                + " Pages: limit=50&offset=100. Related rows inside of each: select=a,other(b,c)."
                + " Aggregates, grouped by the other columns: select=a,count(),b.avg()."));
    return new Tool(
        "read_relation",
        "Read a relation",
        "Reads rows of one table or view, filtered, ordered, with related rows, or aggregated, as"
            + " JSON. Gives %d rows unless the query says limit=.".formatted(USUAL_ROWS),
        properties,
        Set.of("relation"),
        rights -> true,
        this::read);
  }

  private Future<ToolAnswer> list(ToolCall call) throws ArgumentRefused {
    String wanted = call.arguments().optionalText("contains").orElse("").toLowerCase(Locale.ROOT);
    Optional<Loaded> loaded = reads.keeper().current();
    if (loaded.isEmpty()) {
      return Future.succeededFuture(ToolAnswer.of(DatabaseErrors.unavailable()));
    }
    List<Relation> found =
        loaded.get().catalog().schemas().stream()
            .flatMap(schema -> loaded.get().catalog().in(schema).values().stream())
            .filter(each -> mayRead(call, each.name()) && contains(each, wanted))
            .toList();
    String listed =
        JsonText.of(found.stream().limit(MOST_LISTED).map(RelationTools::entry).toList());
    return Future.succeededFuture(
        found.size() > MOST_LISTED
            ? ToolAnswer.of(
                listed,
                "These are %d of %d relations: ask for less with contains."
                    .formatted(MOST_LISTED, found.size()))
            : ToolAnswer.of(listed));
  }

  private static boolean contains(Relation relation, String wanted) {
    return Stream.of(relation.name(), Optional.ofNullable(relation.comment()).orElse(""))
        .anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted));
  }

  private static Map<String, @Nullable Object> entry(Relation relation) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("name", relation.name());
    entry.put("schema", relation.schema());
    entry.put("kind", relation.kind());
    entry.put("comment", relation.comment());
    return entry;
  }

  private boolean mayRead(ToolCall call, String relation) {
    return call.exchange().caller().rights().mayRead(reads.settings().name(), relation);
  }

  /**
   * The dialect knows whether it is there and may be read; without a sample it is described, too.
   */
  private Future<ToolAnswer> describe(ToolCall call) throws ArgumentRefused {
    String name = call.arguments().text("relation");
    Optional<String> schema = call.arguments().optionalText("schema");
    MultiMap headers = headers(call, schema).set("Prefer", "count=planned");
    return call.ask(
            question(name, "limit=" + SAMPLE, headers),
            SAMPLE,
            asking -> relations.handle(asking, reads))
        .map(
            held ->
                description(call, name, schema, rows(held))
                    .map(described -> ToolAnswer.of(described, sample(held)))
                    .orElseGet(() -> new ToolAnswer(List.of(held.body()), true)))
        .recover(
            failure ->
                description(call, name, schema, "")
                    .map(described -> ToolAnswer.of(described, noSample(ToolCall.problem(failure))))
                    .<Future<ToolAnswer>>map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(failure)));
  }

  private static String sample(Held held) {
    return held.status() < 400
        ? "Up to %d rows: %s".formatted(SAMPLE, held.body())
        : "There is no sample: " + held.body();
  }

  private static String noSample(Problem problem) {
    return "There is no sample: " + problem.json();
  }

  /** About how many there are. */
  private static String rows(Held held) {
    String range = String.valueOf(held.headers().get("Content-Range"));
    return range.substring(range.indexOf('/') + 1);
  }

  private Optional<String> description(
      ToolCall call, String name, Optional<String> schema, String rows) {
    Predicate<String> mayRead = other -> mayRead(call, other);
    Optional<DatabaseCatalog> known = reads.keeper().current().map(Loaded::catalog);
    return known
        .flatMap(catalog -> catalog.relation(schema.orElse(catalog.schemas().getFirst()), name))
        .filter(relation -> mayRead.test(relation.name()))
        .map(
            relation ->
                JsonText.of(
                    RelationDescription.of(relation, known.get().relationships(), mayRead, rows)));
  }

  private Future<ToolAnswer> read(ToolCall call) throws ArgumentRefused {
    String name = call.arguments().text("relation");
    Optional<String> schema = call.arguments().optionalText("schema");
    String query = encoded(call.arguments().optionalText("query").orElse(""));
    Optional<String> limit = limit(query);
    String limited =
        limit.isPresent() ? query : query + (query.isEmpty() ? "" : "&") + "limit=" + USUAL_ROWS;
    return call.ask(
            question(name, limited, headers(call, schema)),
            Long.MAX_VALUE,
            asking -> relations.handle(asking, reads))
        .map(held -> RowsRead.answer(held, limit.orElse(Integer.toString(USUAL_ROWS))));
  }

  private static Optional<String> limit(String query) throws ArgumentRefused {
    try {
      return QueryString.parse(query).parameters().stream()
          .filter(parameter -> parameter.key().equals("limit"))
          .map(Parameter::value)
          .findFirst();
    } catch (QueryRefused refused) {
      throw new ArgumentRefused(DatabaseErrors.of(refused));
    }
  }

  /** As a client would send it: what no address may have is percent-encoded. */
  private static String encoded(String query) {
    StringBuilder encoded = new StringBuilder();
    String bare = query.strip();
    for (byte octet :
        bare.substring(bare.startsWith("?") ? 1 : 0).getBytes(StandardCharsets.UTF_8)) {
      if (octet > ' ' && octet <= '~') {
        encoded.append((char) octet);
      } else {
        encoded.append("%%%02X".formatted(octet));
      }
    }
    return encoded.toString();
  }

  private Question question(String relation, String query, MultiMap headers) {
    return new Question("GET", List.of(reads.settings().name(), relation), query, headers);
  }

  private static MultiMap headers(ToolCall call, Optional<String> schema) {
    MultiMap headers = call.headers();
    schema.ifPresent(chosen -> headers.set("Accept-Profile", chosen));
    return headers;
  }
}
