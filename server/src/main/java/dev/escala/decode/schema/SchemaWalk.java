package dev.escala.decode.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Looks through a schema for what would be fetched, leads nowhere or is no expression. */
final class SchemaWalk {
  private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");
  private static final Set<String> ANCHORS = Set.of("$anchor", "$dynamicAnchor");

  /** Values of messages, not schemas. */
  private static final Set<String> DATA = Set.of("enum", "const", "default", "examples");

  /** Schemas by free names. */
  private static final Set<String> BY_NAME =
      Set.of(
          "properties",
          "patternProperties",
          "$defs",
          "definitions",
          "dependentSchemas",
          "dependencies");

  private final JsonNode root;
  private final Set<String> anchors = new HashSet<>();
  private final List<String> errors = new ArrayList<>();

  /** A reference and where it stands. */
  private record Reference(String at, String to) {}

  private final List<Reference> references = new ArrayList<>();

  SchemaWalk(JsonNode root) {
    this.root = root;
  }

  /** Each with its place in the schema and what to do. */
  List<String> errors() {
    walk(root, "");
    references.forEach(this::check);
    return errors;
  }

  private void walk(JsonNode node, String at) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), at + "/" + i);
      }
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String place = at + "/" + escaped(member.getKey());
      if (BY_NAME.contains(member.getKey()) && member.getValue().isObject()) {
        byName(member.getKey(), member.getValue(), place);
      } else if (!DATA.contains(member.getKey())) {
        keyword(member.getKey(), member.getValue(), place);
        walk(member.getValue(), place);
      }
    }
  }

  private void byName(String keyword, JsonNode schemas, String at) {
    for (Map.Entry<String, JsonNode> schema : schemas.properties()) {
      String place = at + "/" + escaped(schema.getKey());
      if (keyword.equals("patternProperties")) {
        expression(schema.getKey(), place);
      }
      walk(schema.getValue(), place);
    }
  }

  private void keyword(String name, JsonNode value, String at) {
    if (!value.isString()) {
      return; // said by the schema of schemas
    }
    if (REFERENCES.contains(name)) {
      references.add(new Reference(at, value.asString()));
    } else if (ANCHORS.contains(name)) {
      anchors.add(value.asString());
    } else if (name.equals("pattern")) {
      expression(value.asString(), at);
    } else if (name.equals("$id") && !at.equals("/$id")) {
      errors.add(
          place(at)
              + ": is within the schema, where it would be a file of its own; take it out, and"
              + " refer to what it names by its place, such as #/$defs/NAME");
    }
  }

  private void expression(String expression, String at) {
    try {
      var _ = BoundedPattern.of(expression);
    } catch (PatternSyntaxException wrong) {
      errors.add(
          "%s: is no regular expression of Java: %s, near character %d"
              .formatted(place(at), wrong.getDescription(), wrong.getIndex() + 1));
    }
  }

  private void check(Reference reference) {
    if (!reference.to().startsWith("#")) {
      errors.add(
          place(reference.at())
              + ": refers to another file or address, and nothing is fetched; copy it under $defs,"
              + " and refer to it as #/$defs/NAME");
    } else if (!leads(reference.to().substring(1))) {
      errors.add(
          place(reference.at())
              + ": leads nowhere in this file; a reference is # or such as #/$defs/NAME");
    }
  }

  private boolean leads(String fragment) {
    if (!fragment.startsWith("/")) {
      return fragment.isEmpty() || anchors.contains(fragment);
    }
    String pointer = fragment.replace("%22", "\"").replace("%25", "%");
    return !root.at(JsonPointer.compile(pointer)).isMissingNode();
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /** A place as people find it in the file. */
  static String place(String pointer) {
    return "#" + pointer;
  }
}
