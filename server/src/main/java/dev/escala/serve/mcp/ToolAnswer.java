package dev.escala.serve.mcp;

import dev.escala.http.Problem;
import java.util.List;

/**
 * What a tool gives.
 *
 * @param texts one or more, of which each is understood by itself
 * @param isError whether they say what is wrong
 */
record ToolAnswer(List<String> texts, boolean isError) {
  ToolAnswer {
    texts = List.copyOf(texts);
  }

  static ToolAnswer of(String... texts) {
    return new ToolAnswer(List.of(texts), false);
  }

  /** As the other endpoints say it: code, message, details and hint. */
  static ToolAnswer of(Problem problem) {
    return new ToolAnswer(List.of(problem.json()), true);
  }
}
