package dev.escala.serve.mcp;

import dev.escala.http.ErrorCode;
import dev.escala.http.Problem;
import dev.escala.model.Suggestion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a call by name, as JSON has them. */
record ToolArguments(Map<String, @Nullable Object> values) {

  /** Refuses those that the tool does not have. */
  void checkNames(Set<String> known) throws ArgumentRefused {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw refused(
            "There is no argument '%s'".formatted(name),
            Suggestion.nearest(name, known)
                .map("Perhaps you meant '%s'."::formatted)
                .orElse(
                    known.isEmpty()
                        ? "The tool has none."
                        : "The tool has " + String.join(", ", known) + "."));
      }
    }
  }

  String text(String name) throws ArgumentRefused {
    return optionalText(name)
        .filter(text -> !text.isBlank())
        .orElseThrow(
            () -> refused("The argument '%s' is missing".formatted(name), "It is a text."));
  }

  Optional<String> optionalText(String name) throws ArgumentRefused {
    Object value = values.get(name);
    if (value == null || value instanceof String) {
      return Optional.ofNullable((String) value);
    }
    throw refused("The argument '%s' is no text".formatted(name), "Put it into quotes.");
  }

  /** A whole number, also where it is written as a text. */
  long number(String name, long least, long fallback) throws ArgumentRefused {
    Object value = values.get(name);
    if (value == null) {
      return fallback;
    }
    String text = value.toString();
    if (text.matches("\\d{1,9}") && Long.parseLong(text) >= least) {
      return Long.parseLong(text);
    }
    throw refused(
        "The argument '%s' is not what it takes".formatted(name),
        "It is a whole number of at least %d.".formatted(least));
  }

  /** Values by name, as texts. */
  Map<String, String> texts(String name) throws ArgumentRefused {
    Object value = values.get(name);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> members)) {
      throw refused(
          "The argument '%s' is no object".formatted(name), "It is like {\"name\": \"value\"}.");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      if (!(member.getValue() instanceof String
          || member.getValue() instanceof Number
          || member.getValue() instanceof Boolean)) {
        throw refused(
            "'%s' in the argument '%s' is no single value".formatted(member.getKey(), name),
            "A list is a text such as {1,2}; NULL stands in the SQL itself.");
      }
      texts.put(String.valueOf(member.getKey()), member.getValue().toString());
    }
    return texts;
  }

  /** Those that are not named. */
  Map<String, @Nullable Object> without(Set<String> names) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(values);
    rest.keySet().removeAll(names);
    return rest;
  }

  static ArgumentRefused refused(String message, String hint) {
    return new ArgumentRefused(Problem.of(ErrorCode.ESC112, message, hint));
  }
}
