package dev.escala.serve.mcp;

import dev.escala.http.HeldReply.Held;
import dev.escala.http.Question;
import dev.escala.model.Rights;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.rows.JsonSchemas;
import dev.escala.serve.sql.SqlApi;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tool that runs SQL, by the rules and limits of {@code ?q=}. */
record SqlTool(DatabaseReads reads, SqlApi sql) {
  private static final long USUAL_ROWS = 100;

  /** They say what is answered, and are no parameters of SQL. */
  private static final Set<String> RESERVED = Set.of("q", "format", "explain");

  Tool tool() {
    Map<String, Map<String, Object>> properties = new LinkedHashMap<>();
    properties.put("sql", Tool.text("One SELECT (or WITH … SELECT) of PostgreSQL"));
    properties.put(
        "parameters",
        JsonSchemas.object(
            "type",
            "object",
            "additionalProperties",
            JsonSchemas.object("type", List.of("string", "number", "boolean")),
            "description",
            "Values of the :names in the SQL, which need no quotes: {\"day\": \"2026-05-01\"}"));
    properties.put(
        "limit", Tool.number("How many rows of the result to show at most", 1, USUAL_ROWS));
    return new Tool(
        "query",
        "Query by SQL",
        """
        Runs one read-only SELECT and gives its rows as JSON. There are limits on rows, bytes, time \
        (%d s) and the planner's estimate of the cost (%d); functions and catalogs that could do \
        harm are refused, and the error says why. Aggregate in SQL rather than fetching many rows.\
        """
            .formatted(
                reads.settings().sql().timeout().toSeconds(), reads.settings().sql().maxCost()),
        properties,
        Set.of("sql"),
        this::isShown,
        this::run);
  }

  private boolean isShown(Rights rights) {
    return rights.mayQuery(reads.settings().name())
        && reads.settings().sql().enabled()
        && reads.settings().readUrl().isPresent();
  }

  private Future<ToolAnswer> run(ToolCall call) throws ArgumentRefused {
    StringBuilder query =
        new StringBuilder("q=").append(Question.encoded(call.arguments().text("sql")));
    for (Map.Entry<String, String> value : call.arguments().texts("parameters").entrySet()) {
      if (RESERVED.contains(value.getKey())) {
        throw ToolArguments.refused(
            "SQL cannot have a parameter '%s'".formatted(value.getKey()), "Give it another name.");
      }
      query
          .append('&')
          .append(Question.encoded(value.getKey()))
          .append('=')
          .append(Question.encoded(value.getValue()));
    }
    Question question =
        new Question("GET", List.of(reads.settings().name()), query.toString(), call.headers());
    return call.ask(
            question,
            call.arguments().number("limit", 1, USUAL_ROWS),
            asking -> sql.handle(asking, reads))
        .map(this::answer);
  }

  private ToolAnswer answer(Held held) {
    if (held.status() >= 400) {
      return new ToolAnswer(List.of(held.body()), true);
    }
    String truncated = held.headers().get("Escala-Truncated");
    return truncated == null
        ? ToolAnswer.of(held.body())
        : ToolAnswer.of(
            held.body(),
            "The result was cut off (Escala-Truncated: %s): there are more rows. "
                    .formatted(truncated)
                + (truncated.equals("rows")
                    ? "Aggregate or filter them, or ask with a higher limit, up to %d."
                        .formatted(reads.settings().sql().maxRows())
                    : "Ask for fewer columns, or aggregate."));
  }
}
