package dev.escala.serve;

import static dev.escala.serve.rows.JsonSchemas.object;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.Routine;
import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.model.Caller;
import dev.escala.model.Rights;
import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.DialectSettings;
import dev.escala.serve.relation.Profile;
import dev.escala.serve.rows.JsonSchemas;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database as an OpenAPI 3.1 document: what the login may read and call in one schema, with the
 * comments of the database as its descriptions.
 */
final class OpenApi {
  static final String MEDIA_TYPE = "application/openapi+json";

  private static final String PARAMETERS = "#/components/parameters/";
  private static final String SCHEMAS = "#/components/schemas/";

  private final Map<String, Object> paths = new LinkedHashMap<>();
  private final Map<String, Object> schemas = new LinkedHashMap<>();
  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private final List<Map<String, Object>> tags = new ArrayList<>();

  private final DialectSettings settings;

  private OpenApi(DialectSettings settings) {
    this.settings = settings;
  }

  static boolean isWanted(Exchange exchange) {
    String accept = exchange.header("Accept");
    return accept != null && accept.contains(MEDIA_TYPE);
  }

  static void answer(Exchange exchange, DatabaseReads reads, Loaded loaded) {
    String schema = Profile.schema(exchange, loaded.catalog());
    byte[] document =
        JsonText.of(document(exchange.caller(), reads.settings(), loaded, schema))
            .getBytes(StandardCharsets.UTF_8);
    exchange.answer(200, MEDIA_TYPE + "; charset=utf-8", document);
  }

  private static Map<String, Object> document(
      Caller caller, DatabaseSettings settings, Loaded loaded, String schema) {
    Rights rights = caller.rights();
    String database = settings.name();
    OpenApi api = new OpenApi(settings.dialect());
    api.shared();
    loaded.catalog().in(schema).values().stream()
        .filter(relation -> rights.mayRead(database, relation.name()))
        .forEach(api::relation);
    loaded.catalog().routinesIn(schema).entrySet().stream()
        .filter(named -> rights.mayRead(database, named.getKey()))
        .forEach(named -> api.routines(named.getKey(), named.getValue()));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put(
        "info",
        object(
            "title",
            database,
            "version",
            Integer.toString(loaded.generation()),
            "description",
            "The relations and functions of the schema " + schema + "."));
    document.put("security", security(caller));
    document.put("servers", List.of(object("url", "/" + encoded(database))));
    document.put("tags", api.tags);
    document.put("paths", api.paths);
    Map<String, Object> components =
        object("schemas", api.schemas, "parameters", api.parameters, "responses", responses());
    if (!caller.isAnybody()) {
      components.put("securitySchemes", securitySchemes());
    }
    document.put("components", components);
    return document;
  }

  private static Map<String, Object> securitySchemes() {
    return object(
        "token",
        object("type", "http", "scheme", "bearer"),
        "key",
        object("type", "apiKey", "in", "header", "name", "apikey"));
  }

  /** One of them is enough; nothing at all for who needs none. */
  private static List<Map<String, Object>> security(Caller caller) {
    Map<String, Object> token = object("token", List.of());
    Map<String, Object> key = object("key", List.of());
    return switch (caller.kind()) {
      case ANYBODY -> List.of();
      case ANONYMOUS -> List.of(object(), token, key);
      case KNOWN -> List.of(token, key);
    };
  }

  private static Map<String, Object> responses() {
    return object(
        "error",
        object(
            "description",
            "What is wrong, and what to do",
            "content",
            json(object("$ref", SCHEMAS + "error"))));
  }

  private void shared() {
    Map<String, Object> text = object("type", List.of("string", "null"));
    schemas.put(
        "error",
        object(
            "type",
            "object",
            "required",
            List.of("code", "message"),
            "properties",
            object(
                "code",
                object("type", "string"),
                "message",
                object("type", "string"),
                "details",
                object(),
                "hint",
                text)));
    parameter("select", "query", "Columns, and relations inside of each row", "string");
    parameter("order", "query", "Order of the rows", "string");
    parameter("limit", "query", "How many rows at most", "integer");
    parameter("offset", "query", "How many rows to leave out", "integer");
    parameter("range", "header", "The rows from the first to the last", "string");
    parameter("preferCount", "header", "count=exact, planned or estimated", "string");
  }

  private void parameter(String key, String in, String description, String type) {
    String name =
        switch (key) {
          case "range" -> "Range";
          case "preferCount" -> "Prefer";
          default -> key;
        };
    parameters.put(
        key,
        object("name", name, "in", in, "description", description, "schema", object("type", type)));
  }

  private void relation(Relation relation) {
    String key = key(relation.name());
    schemas.put(key, JsonSchemas.of(relation));
    tags.add(tag(relation));
    List<Map<String, Object>> taken = new ArrayList<>();
    for (RelationColumn column : relation.columns().values()) {
      String filter = "rowFilter." + key + "." + key(column.name());
      parameters.put(filter, filter(column));
      taken.add(object("$ref", PARAMETERS + filter));
    }
    Stream.of("select", "order", "limit", "offset", "range", "preferCount")
        .forEach(each -> taken.add(object("$ref", PARAMETERS + each)));
    Map<String, Object> get = operation("read", relation.name(), relation.comment());
    get.put("tags", List.of(relation.name()));
    settings
        .past(relation)
        .ifPresent(
            rows ->
                get.put(
                    "externalDocs",
                    object(
                        "url",
                        rows.location(),
                        "description",
                        "Older rows, in a table of Iceberg")));
    get.put("parameters", taken);
    get.put("responses", rows(object("$ref", SCHEMAS + key), isOfTopic(relation)));
    paths.put("/" + encoded(relation.name()), object("get", get));
  }

  private static Map<String, Object> tag(Relation relation) {
    String comment = relation.comment();
    return object("name", relation.name(), "description", comment == null ? "A relation" : comment);
  }

  private static Map<String, Object> filter(RelationColumn column) {
    String comment = column.comment();
    return object(
        "name",
        column.name(),
        "in",
        "query",
        "description",
        comment == null ? "A filter, such as eq." : comment,
        "schema",
        object("type", "string"));
  }

  /** The first line of a comment is the summary, what follows the description. */
  private static Map<String, Object> operation(String verb, String name, @Nullable String comment) {
    String[] lines = comment == null ? new String[] {verb + " " + name} : comment.split("\n", 2);
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", verb + "." + key(name));
    operation.put("summary", lines[0].strip());
    if (lines.length > 1) {
      operation.put("description", lines[1].strip());
    }
    return operation;
  }

  /** Whether it has the columns of a table that a topic fills; only to those one can listen. */
  private static boolean isOfTopic(Relation relation) {
    return relation.columns().keySet().containsAll(List.of("_id", "_received_at", "_source"));
  }

  /**
   * The answers of a read.
   *
   * @param told as they are stored, to who listens
   */
  private static Map<String, Object> rows(Map<String, Object> row, boolean told) {
    Map<String, Object> list = object("type", "array", "items", row);
    Map<String, Object> content = new LinkedHashMap<>(json(list));
    content.put("application/vnd.pgrst.object+json", object("schema", row));
    content.put("application/x-ndjson", object("schema", object("type", "string")));
    content.put("text/csv", object("schema", object("type", "string")));
    content.put("application/vnd.apache.arrow.stream", object());
    content.put("application/vnd.apache.parquet", object());
    if (told) {
      content.put("text/event-stream", object("schema", object("type", "string")));
    }
    return object(
        "200",
        object("description", "The rows", "content", content),
        "206",
        object("description", "Some of the rows", "content", content),
        "4XX",
        error(),
        "default",
        error());
  }

  private static Map<String, Object> json(Map<String, Object> schema) {
    return object("application/json", object("schema", schema));
  }

  /** Overloads share a path; the first describes it. */
  private void routines(String name, List<Routine> overloads) {
    Routine routine = overloads.getFirst();
    String tag = "(rpc) " + name;
    List<Routine.Parameter> named =
        routine.parameters().stream().filter(each -> !each.name().isEmpty()).toList();
    Map<String, Object> get = operation("call", name, routine.comment());
    get.put("tags", List.of(tag));
    get.put("parameters", named.stream().map(OpenApi::inQuery).toList());
    get.put("responses", result(routine));
    Map<String, Object> post = operation("post", name, routine.comment());
    post.put("tags", List.of(tag));
    post.put("requestBody", object("content", json(body(named))));
    post.put("responses", result(routine));
    tags.add(object("name", tag, "description", "A function"));
    paths.put("/rpc/" + encoded(name), object("get", get, "post", post));
  }

  private static Map<String, Object> inQuery(Routine.Parameter parameter) {
    Map<String, Object> described =
        object("name", parameter.name(), "in", "query", "required", !parameter.optional());
    JsonSchemas.describe(described, parameter.comment());
    described.put("schema", JsonSchemas.inQuery(parameter));
    return described;
  }

  private static Map<String, Object> body(List<Routine.Parameter> parameters) {
    Map<String, Object> properties = new LinkedHashMap<>();
    parameters.forEach(each -> properties.put(each.name(), JsonSchemas.inBody(each)));
    List<String> required =
        parameters.stream().filter(each -> !each.optional()).map(Routine.Parameter::name).toList();
    return object("type", "object", "properties", properties, "required", required);
  }

  private static Map<String, Object> result(Routine routine) {
    Map<String, Object> value =
        switch (routine.result()) {
          case Routine.Nothing ignored -> object();
          case Routine.Value(var _, String type, var _) -> JsonSchemas.ofType(type, type);
          case Routine.Rows(Relation relation) -> JsonSchemas.of(relation);
        };
    if (routine.result() instanceof Routine.Nothing) {
      return object("204", object("description", "Done"), "4XX", error(), "default", error());
    }
    Map<String, Object> given = routine.set() ? object("type", "array", "items", value) : value;
    return object(
        "200",
        object("description", "The result", "content", json(given)),
        "4XX",
        error(),
        "default",
        error());
  }

  private static Map<String, Object> error() {
    return object("$ref", "#/components/responses/error");
  }

  /** A name of a component has letters, digits, dots, hyphens and underlines alone. */
  private static String key(String name) {
    return encoded(name).replace('%', '_').replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
