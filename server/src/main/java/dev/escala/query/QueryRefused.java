package dev.escala.query;

import dev.escala.catalog.RelationName;
import dev.escala.catalog.Relationship;
import dev.escala.catalog.Routine;
import dev.escala.model.Suggestion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request that cannot become SQL, with the error that the client gets. */
public final class QueryRefused extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;

  /** The word in the error of a statement by which more rows are embedded than one row may hold. */
  public static final String TOO_MANY_HELD = "escala_rows_held";

  private final int status;
  private final String code;
  private final transient @Nullable Object details;
  private final @Nullable String hint;

  QueryRefused(
      int status, String code, String message, @Nullable Object details, @Nullable String hint) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = details;
    this.hint = hint;
  }

  /** A query parameter that does not parse. */
  static QueryRefused syntax(String message, String details) {
    return new QueryRefused(BAD_REQUEST, "PGRST100", message, details, null);
  }

  static QueryRefused aggregateInSpread() {
    return new QueryRefused(
        BAD_REQUEST,
        "PGRST127",
        "Feature not implemented",
        "Aggregates are not implemented for one-to-many or many-to-many spreads.",
        null);
  }

  /** Nothing makes an answer of a media type that the client accepts. */
  public static QueryRefused notAcceptable(@Nullable String accept) {
    return new QueryRefused(
        406,
        "PGRST107",
        "None of these media types are available: " + accept,
        null,
        "There are application/json, application/x-ndjson, text/csv,"
            + " application/vnd.pgrst.object+json and application/vnd.pgrst.array+json.");
  }

  /** The rights of the caller leave a relation out. */
  public static QueryRefused denied(String relation) {
    return new QueryRefused(403, "42501", "permission denied for relation " + relation, null, null);
  }

  static QueryRefused unknownColumn(String relation, String column, @Nullable String hint) {
    return new QueryRefused(
        BAD_REQUEST,
        "42703",
        "column %s.%s does not exist".formatted(relation, column),
        null,
        hint);
  }

  static QueryRefused tooManyColumns(int most) {
    return new QueryRefused(
        BAD_REQUEST, "54011", "An answer has at most " + most + " columns", null, null);
  }

  static QueryRefused tooManyEmbedded(int most) {
    return new QueryRefused(
        BAD_REQUEST, "54001", "An answer embeds at most " + most + " relations", null, null);
  }

  static QueryRefused notEmbedded(String name) {
    return new QueryRefused(
        BAD_REQUEST,
        "PGRST108",
        "'%s' is not an embedded resource in this request".formatted(name),
        null,
        "Verify that '%s' is included in the 'select' query parameter.".formatted(name));
  }

  /** Several relationships fit; each is named, and how to ask for it. */
  static QueryRefused ambiguousEmbed(String origin, String target, List<Relationship> found) {
    return new QueryRefused(
        300,
        "PGRST201",
        "Could not embed because more than one relationship was found for '%s' and '%s'"
            .formatted(origin, target),
        found.stream().map(QueryRefused::described).toList(),
        found.stream()
            .map(each -> "'%s!%s'".formatted(each.target().name(), name(each)))
            .collect(
                Collectors.joining(
                    ", ",
                    "Try changing '%s' to one of the following: ".formatted(target),
                    ". Find the desired relationship in the 'details' key.")));
  }

  private static Map<String, String> described(Relationship relationship) {
    Map<String, String> described = new LinkedHashMap<>();
    described.put("cardinality", relationship.cardinality().toString());
    described.put(
        "embedding",
        "%s with %s".formatted(relationship.origin().name(), relationship.target().name()));
    described.put(
        "relationship",
        switch (relationship.join()) {
          case Relationship.Columns columns ->
              "%s using %s(%s) and %s(%s)"
                  .formatted(
                      columns.constraint(),
                      relationship.origin().name(),
                      names(columns, Relationship.Pair::local),
                      relationship.target().name(),
                      names(columns, Relationship.Pair::foreign));
          case Relationship.Junction junction ->
              "%s using %s(%s) and %s(%s)"
                  .formatted(
                      junction.table().name(),
                      junction.toOrigin().constraint(),
                      names(junction.toOrigin(), Relationship.Pair::local),
                      junction.toTarget().constraint(),
                      names(junction.toTarget(), Relationship.Pair::local));
          case Relationship.Computed computed -> computed.function().name();
        });
    return described;
  }

  private static String names(
      Relationship.Columns columns, Function<Relationship.Pair, String> side) {
    return columns.pairs().stream().map(side).collect(Collectors.joining(", "));
  }

  private static String name(Relationship relationship) {
    return switch (relationship.join()) {
      case Relationship.Columns columns -> columns.constraint();
      case Relationship.Junction junction -> junction.table().name();
      case Relationship.Computed computed -> computed.function().name();
    };
  }

  static QueryRefused notToOne(String origin, String embed) {
    return new QueryRefused(
        BAD_REQUEST,
        "PGRST118",
        "A related order on '%s' is not possible".formatted(embed),
        "'%s' and '%s' do not form a many-to-one or one-to-one relationship"
            .formatted(origin, embed),
        null);
  }

  /** The body of a call cannot be read. */
  public static QueryRefused body(String message) {
    return new QueryRefused(BAD_REQUEST, "PGRST102", message, null, null);
  }

  public static QueryRefused unknownRoutine(
      RelationName name, Set<String> given, List<Routine> named) {
    List<String> names = given.stream().sorted().toList();
    String call =
        names.isEmpty()
            ? "%s without parameters".formatted(name)
            : "%s(%s)".formatted(name, String.join(", ", names));
    return new QueryRefused(
        404,
        "PGRST202",
        "Could not find the function %s in the schema cache".formatted(call),
        "Searched for the function %s %s, but no matches were found in the schema cache."
            .formatted(
                name,
                switch (names.size()) {
                  case 0 -> "without parameters";
                  case 1 -> "with parameter " + names.getFirst();
                  default -> "with parameters " + String.join(", ", names);
                }),
        named.stream()
            .findFirst()
            .map(near -> "Perhaps you meant to call the function " + described(near))
            .orElse(null));
  }

  /** A published query does not take these arguments; the hint tells what it takes. */
  static QueryRefused argumentsOfQuery(Routine query, Set<String> given) {
    QueryRefused unknown = unknownRoutine(query.name(), given, List.of());
    List<String> known = query.parameters().stream().map(Routine.Parameter::name).toList();
    StringBuilder hint = new StringBuilder("The query takes ");
    hint.append(
        known.isEmpty()
            ? "no parameters."
            : query.parameters().stream()
                .map(QueryRefused::declared)
                .collect(Collectors.joining(", ", "", ".")));
    query.parameters().stream()
        .filter(parameter -> !parameter.optional() && !given.contains(parameter.name()))
        .forEach(missing -> hint.append(" %s is missing.".formatted(missing.name())));
    given.stream()
        .sorted()
        .filter(name -> !known.contains(name))
        .forEach(
            name -> {
              hint.append(" There is no parameter %s".formatted(name));
              hint.append(
                  Suggestion.nearest(name, known).map("; is %s meant?"::formatted).orElse("."));
            });
    return new QueryRefused(
        unknown.status, unknown.code, unknown.message(), unknown.details, hint.toString());
  }

  private static String declared(Routine.Parameter parameter) {
    String fallback = parameter.fallback() == null ? "null" : parameter.fallback();
    String declared = parameter.name() + " " + parameter.type();
    return parameter.optional() ? declared + " = " + fallback : declared;
  }

  private static String described(Routine routine) {
    return routine.parameters().stream()
        .map(Routine.Parameter::name)
        .collect(Collectors.joining(", ", routine.name() + "(", ")"));
  }

  static QueryRefused ambiguousRoutine(List<Routine> fitting) {
    return new QueryRefused(
        300,
        "PGRST203",
        fitting.stream()
            .map(
                routine ->
                    routine.parameters().stream()
                        .map(each -> each.name() + " => " + each.type())
                        .collect(Collectors.joining(", ", routine.name() + "(", ")")))
            .collect(
                Collectors.joining(
                    ", ", "Could not choose the best candidate function between: ", "")),
        null,
        "Try renaming the parameters or the function itself in the database so function"
            + " overloading can be resolved");
  }

  static QueryRefused noPosition() {
    return new QueryRefused(
        BAD_REQUEST,
        "ESC127",
        "The value of after is no position in this order",
        null,
        "Begin with after= and take the next one out of the Link header of the answer, with the"
            + " same order.");
  }

  static QueryRefused noKey(String relation) {
    return noWalk("%s has no unique key whose columns all have values.".formatted(relation));
  }

  static QueryRefused noWalk(String details) {
    return new QueryRefused(
        BAD_REQUEST,
        "ESC128",
        "These rows cannot be walked through with after",
        details,
        "Read them as one stream (NDJSON and CSV have no end), or in pages with order, limit and"
            + " offset.");
  }

  static QueryRefused noAggregate(String name, List<String> aggregates) {
    return new QueryRefused(
        BAD_REQUEST,
        "42703",
        "'%s' is no aggregate of the select".formatted(name),
        null,
        aggregates.isEmpty()
            ? "Add one to the select, as in select=carrier,n:count()&having=(n.gt.10)."
            : "The aggregates are: %s.".formatted(String.join(", ", aggregates)));
  }

  static QueryRefused range(String details) {
    return new QueryRefused(416, "PGRST103", "Requested range not satisfiable", details, null);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** A code of the PostgREST dialect, or the SQLSTATE that the database would have answered. */
  public String code() {
    return code;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  /** A sentence, or what {@code JsonText} writes. */
  public @Nullable Object details() {
    return details;
  }

  public @Nullable String hint() {
    return hint;
  }
}
