package dev.escala.query;

import dev.escala.catalog.OutputKind;
import dev.escala.catalog.Routine;
import dev.escala.catalog.Routine.Parameter;
import dev.escala.model.SqlIdentifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a published query in its SQL: each is bound once, so that PostgreSQL sees the
 * same value wherever its name stands, as GROUP BY needs it.
 */
final class QueryArguments {
  private final Map<String, Parameter> parameters = new HashMap<>();
  private final Arguments given;
  private final SqlText sql;
  private final Map<String, String> written = new HashMap<>();
  private @Nullable String members;

  QueryArguments(Routine query, Arguments given, SqlText sql) {
    query.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
    this.given = given;
    this.sql = sql;
  }

  /** What stands for a name. */
  String of(String name) {
    String present = written.get(name);
    if (present == null) {
      present = value(parameters.get(name));
      written.put(name, present);
    }
    return present;
  }

  private String value(@Nullable Parameter parameter) {
    if (parameter == null) {
      throw new IllegalStateException("it is not declared");
    }
    if (!given.names().contains(parameter.name())) {
      return fallback(parameter);
    }
    return switch (given) {
      case Arguments.Texts texts -> {
        List<String> values = texts.values().getOrDefault(parameter.name(), List.of());
        yield cast("CAST(" + sql.bound(values.getLast()) + " AS text)", parameter);
      }
      case Arguments.Members object -> member(object, parameter);
      case Arguments.Whole ignored -> throw new IllegalStateException("it has no names");
    };
  }

  private String fallback(Parameter parameter) {
    String text = parameter.fallback();
    return cast(text == null ? "NULL" : "CAST(" + sql.bound(text) + " AS text)", parameter);
  }

  private static String cast(String text, Parameter parameter) {
    return "CAST(" + text + " AS " + parameter.type() + ")";
  }

  /**
   * A member of a JSON object. Of what a text can be cast to the planner knows the value; arrays
   * and the like the database converts as it does for functions.
   */
  private String member(Arguments.Members object, Parameter parameter) {
    if (members == null) {
      members = "CAST(CAST(" + sql.bound(object.json()) + " AS text) AS json)";
    }
    String name = parameter.name();
    return switch (OutputKind.of(parameter.type(), false)) {
      case BOOLEAN, INTEGER, NUMBER, TEXT, UUID, TIMESTAMPTZ, TIMESTAMP, DATE ->
          cast(members + " ->> '" + name + "'", parameter);
      case JSON, CONVERTED ->
          // Not bare: in the brackets of ANY or IN it would be a subquery with rows.
          "CAST((SELECT a.%1$s FROM pg_catalog.json_to_record(%2$s) AS a(%1$s %3$s)) AS %3$s)"
              .formatted(SqlIdentifier.quote(name), members, parameter.type());
    };
  }
}
