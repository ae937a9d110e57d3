package dev.escala.serve.rows;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.Routine.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON Schemas (2020-12) of what PostgreSQL's types become in an answer. */
public final class JsonSchemas {
  private static final Pattern LENGTH = Pattern.compile("character(?: varying)?\\((\\d+)\\)");

  private JsonSchemas() {}

  /** Of a row. */
  public static Map<String, Object> of(Relation relation) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    describe(schema, relation.comment());
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RelationColumn column : relation.columns().values()) {
      properties.put(column.name(), of(relation, column));
      if (!column.nullable()) {
        required.add(column.name());
      }
    }
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private static Map<String, Object> of(Relation relation, RelationColumn column) {
    Map<String, Object> schema = new LinkedHashMap<>(ofType(column.type(), column.castType()));
    if (column.nullable() && schema.get("type") instanceof String type) {
      schema.put("type", List.of(type, "null"));
    }
    boolean isKey = relation.primaryKey().contains(column.name());
    describe(schema, note(column.comment(), isKey));
    return schema;
  }

  /** As PostgREST says it, and as tools look for it. */
  private static @Nullable String note(@Nullable String comment, boolean isKey) {
    String key = "Note:\nThis is a Primary Key.<pk/>";
    if (!isKey) {
      return comment;
    }
    return comment == null ? key : comment + "\n\n" + key;
  }

  /** A JSON object of names and values in turn, which stay in this order. */
  public static Map<String, Object> object(Object... namesAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      object.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
    }
    return object;
  }

  /** Adds a description, where there is one. */
  public static void describe(Map<String, Object> schema, @Nullable String comment) {
    if (comment != null) {
      schema.put("description", comment);
    }
  }

  /** Of an argument in a query string, where an array is PostgreSQL's literal. */
  public static Map<String, Object> inQuery(Parameter parameter) {
    String type = parameter.type().endsWith("[]") ? "text" : parameter.type();
    Map<String, Object> schema = ofType(type, type);
    fallBack(schema, parameter);
    return schema;
  }

  /** Of an argument as a member of a JSON object. */
  public static Map<String, Object> inBody(Parameter parameter) {
    Map<String, Object> schema = ofType(parameter.type(), parameter.type());
    describe(schema, parameter.comment());
    if (!parameter.type().endsWith("[]")) {
      fallBack(schema, parameter);
    }
    return schema;
  }

  /** A default is a text that PostgreSQL reads, such as {@code today}. */
  private static void fallBack(Map<String, Object> schema, Parameter parameter) {
    String text = parameter.fallback();
    if (text != null) {
      boolean isWhole = "integer".equals(schema.get("type")) && text.matches("-?\\d{1,18}");
      schema.put("default", isWhole ? (Object) Long.valueOf(text) : text);
    }
  }

  /**
   * Of a value.
   *
   * @param declared the type with its length
   * @param base the type without, domains resolved
   */
  public static Map<String, Object> ofType(String declared, String base) {
    Map<String, Object> schema = new LinkedHashMap<>();
    if (base.endsWith("[]")) {
      String element = base.substring(0, base.length() - 2);
      schema.put("type", "array");
      schema.put("items", ofType(element, element));
      return schema;
    }
    switch (base) {
      case "boolean" -> schema.put("type", "boolean");
      case "smallint", "integer", "bigint" -> schema.put("type", "integer");
      case "real", "double precision", "numeric" -> schema.put("type", "number");
      case "json", "jsonb" -> {
        // any value
      }
      default -> schema.put("type", "string");
    }
    schema.put("format", format(base));
    Matcher length = LENGTH.matcher(declared);
    if (length.matches()) {
      schema.put("maxLength", Integer.parseInt(length.group(1)));
    }
    return schema;
  }

  /** Where JSON Schema has a name for it, that; else PostgreSQL's own. */
  private static String format(String base) {
    return switch (base) {
      case "integer" -> "int32";
      case "bigint" -> "int64";
      case "double precision" -> "double";
      case "real" -> "float";
      case "timestamp with time zone" -> "date-time";
      default -> base;
    };
  }
}
