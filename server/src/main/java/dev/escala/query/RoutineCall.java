package dev.escala.query;

import dev.escala.catalog.OutputKind;
import dev.escala.catalog.QueryText;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationKind;
import dev.escala.catalog.RelationName;
import dev.escala.catalog.Routine;
import dev.escala.catalog.Routine.Parameter;
import dev.escala.model.SqlIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A function with its arguments, whose result is read like a relation. */
public record RoutineCall(Routine routine, Arguments arguments) {
  /** Under which the members of a JSON object stand in the SQL. */
  private static final String MEMBERS = "a";

  /** The one of these functions of one name that takes the arguments. */
  public static RoutineCall choose(RelationName name, List<Routine> named, Arguments arguments)
      throws QueryRefused {
    Routine first = named.isEmpty() ? null : named.getFirst();
    if (first != null && first.text() != null && !fits(first, arguments)) {
      throw QueryRefused.argumentsOfQuery(first, arguments.names());
    }
    List<Routine> fitting = named.stream().filter(each -> fits(each, arguments)).toList();
    if (fitting.isEmpty()) {
      fitting = named.stream().filter(each -> takesWhole(each, arguments)).toList();
    }
    return switch (fitting.size()) {
      case 1 -> new RoutineCall(fitting.getFirst(), arguments);
      case 0 -> throw QueryRefused.unknownRoutine(name, arguments.names(), named);
      default -> throw QueryRefused.ambiguousRoutine(fitting);
    };
  }

  /** By the set of names: all that have no default, and no others than there are. */
  private static boolean fits(Routine routine, Arguments arguments) {
    if (arguments instanceof Arguments.Whole || routine.unnamed().isPresent()) {
      return false;
    }
    List<String> all = routine.parameters().stream().map(Parameter::name).toList();
    return all.containsAll(arguments.names())
        && routine.parameters().stream()
            .filter(parameter -> !parameter.optional())
            .allMatch(parameter -> arguments.names().contains(parameter.name()));
  }

  private static boolean takesWhole(Routine routine, Arguments arguments) {
    String type = routine.unnamed().map(Parameter::type).orElse("");
    return switch (arguments) {
      case Arguments.Texts ignored -> false;
      case Arguments.Members ignored -> type.equals("json") || type.equals("jsonb");
      case Arguments.Whole whole ->
          type.equals(whole.type()) || (whole.type().equals("json") && type.equals("jsonb"));
    };
  }

  /** Whether it gives one row or one value, and not a set. */
  public boolean isOne() {
    return !routine.set();
  }

  /** Whether it gives values, and not rows. */
  public boolean isValue() {
    return !(routine.result() instanceof Routine.Rows);
  }

  public boolean isNothing() {
    return routine.result() instanceof Routine.Nothing;
  }

  /** What its result is read like: of values one with a column of the function's name. */
  public Relation result() {
    return switch (routine.result()) {
      case Routine.Rows(Relation relation) -> relation;
      case Routine.Value(OutputKind kind, String type, var _) -> ofValues(kind, type);
      case Routine.Nothing ignored -> ofValues(OutputKind.TEXT, "text");
    };
  }

  private Relation ofValues(OutputKind kind, String type) {
    String name = routine.name().name();
    RelationColumn column = new RelationColumn(name, type, type, kind, true, null);
    return new Relation(
        routine.name().schema(),
        name,
        RelationKind.VIEW,
        Map.of(name, column),
        List.of(),
        List.of(),
        Map.of(),
        null);
  }

  /** Writes it as what is read from, under an alias. */
  void from(SqlText sql, String alias) {
    QueryText text = routine.text();
    if (text != null) {
      QueryArguments values = new QueryArguments(routine, arguments, sql);
      sql.add(" FROM (\n").add(text.with(values::of)).add("\n)");
    } else if (isValue()) {
      sql.add(" FROM (SELECT ");
      call(sql);
      // Nothing is a type of its own, which nothing else takes.
      sql.add(isNothing() ? "::text AS " : " AS ");
      sql.add(SqlIdentifier.quote(routine.name().name()));
      members(sql, " FROM ");
      sql.add(")");
    } else {
      members(sql, " FROM ");
      sql.add(hasMembers() ? ", LATERAL " : " FROM ");
      call(sql);
    }
    sql.add(" AS ").add(alias);
  }

  private boolean hasMembers() {
    return arguments instanceof Arguments.Members members
        && !members.names().isEmpty()
        && routine.unnamed().isEmpty();
  }

  /** The database converts JSON to the types of the parameters, arrays and objects too. */
  private void members(SqlText sql, String before) {
    if (hasMembers() && arguments instanceof Arguments.Members members) {
      sql.add(before).add("pg_catalog.json_to_record(").value(members.json(), "json");
      sql.add(
          given().stream()
              .map(each -> SqlIdentifier.quote(each.name()) + " " + each.type())
              .collect(Collectors.joining(", ", ") AS " + MEMBERS + "(", ")")));
    }
  }

  private List<Parameter> given() {
    return routine.parameters().stream()
        .filter(parameter -> arguments.names().contains(parameter.name()))
        .toList();
  }

  private void call(SqlText sql) {
    sql.add(routine.name()).add("(");
    if (routine.unnamed().isPresent()) {
      unnamed(sql, routine.unnamed().get());
    } else {
      String before = "";
      for (Parameter parameter : given()) {
        sql.add(before).add(parameter.variadic() ? "VARIADIC " : "");
        sql.add(SqlIdentifier.quote(parameter.name())).add(" := ");
        argument(sql, parameter);
        before = ", ";
      }
    }
    sql.add(")");
  }

  private void argument(SqlText sql, Parameter parameter) {
    switch (arguments) {
      case Arguments.Texts texts -> {
        List<String> values =
            new ArrayList<>(texts.values().getOrDefault(parameter.name(), List.of()));
        boolean many = parameter.variadic();
        sql.value(many ? ConditionSql.arrayOf(values) : values.getLast(), parameter.type());
      }
      case Arguments.Members ignored ->
          sql.add(MEMBERS + ".").add(SqlIdentifier.quote(parameter.name()));
      case Arguments.Whole ignored -> throw new IllegalStateException("it has no names");
    }
  }

  private void unnamed(SqlText sql, Parameter parameter) {
    switch (arguments) {
      case Arguments.Members members -> sql.value(members.json(), parameter.type());
      case Arguments.Whole whole when whole.type().equals("bytea") ->
          sql.add("pg_catalog.decode(").value(whole.body(), "text").add(", 'base64')");
      case Arguments.Whole whole -> sql.value(whole.body(), parameter.type());
      case Arguments.Texts ignored -> throw new IllegalStateException("it takes a whole body");
    }
  }
}
