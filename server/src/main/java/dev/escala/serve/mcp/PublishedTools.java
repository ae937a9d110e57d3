package dev.escala.serve.mcp;

import dev.escala.catalog.Routine;
import dev.escala.catalog.Routine.Parameter;
import dev.escala.http.JsonText;
import dev.escala.http.Question;
import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.relation.RoutineHandler;
import dev.escala.serve.rows.JsonSchemas;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A tool for each published query, with its parameters as typed arguments. */
record PublishedTools(DatabaseReads reads, RoutineHandler routines) {
  private static final long USUAL_ROWS = 100;

  /** What the dialect asks of any result, so that no parameter has these names. */
  private static final Set<String> OF_RESULT = Set.of("limit", "offset");

  /** All that fit the database. */
  List<Tool> all(Loaded loaded) {
    String schema = loaded.catalog().schemas().getFirst();
    return loaded.catalog().routinesIn(schema).values().stream()
        .flatMap(Collection::stream)
        .filter(routine -> routine.text() != null && !loaded.isBroken(routine.name().name()))
        .map(this::tool)
        .toList();
  }

  private Tool tool(Routine query) {
    String name = query.name().name();
    Map<String, Map<String, Object>> properties = new LinkedHashMap<>();
    for (Parameter parameter : query.parameters()) {
      properties.put(parameter.name(), JsonSchemas.inBody(parameter));
    }
    properties.put("limit", Tool.number("How many rows to show at most", 1, USUAL_ROWS));
    properties.put("offset", Tool.number("How many rows to leave out before", 0, 0));
    return new Tool(
        "run_" + name,
        "Run " + name,
        Optional.ofNullable(query.comment()).orElse("The published query " + name + ".")
            + "\nA query that the owner of the database wrote; gives rows as JSON.",
        properties,
        query.parameters().stream()
            .filter(parameter -> !parameter.optional())
            .map(Parameter::name)
            .collect(Collectors.toUnmodifiableSet()),
        rights -> rights.mayRead(reads.settings().name(), name),
        call -> run(call, name));
  }

  private Future<ToolAnswer> run(ToolCall call, String name) throws ArgumentRefused {
    long limit = call.arguments().number("limit", 1, USUAL_ROWS);
    long offset = call.arguments().number("offset", 0, 0);
    byte[] body = JsonText.of(call.arguments().without(OF_RESULT)).getBytes(StandardCharsets.UTF_8);
    MultiMap headers = call.headers().set("Content-Type", "application/json");
    Question question =
        new Question(
            "POST",
            List.of(reads.settings().name(), "rpc", name),
            "limit=%d&offset=%d".formatted(limit, offset),
            headers);
    return call.ask(question, Long.MAX_VALUE, asking -> routines.handle(asking, reads, body))
        .map(held -> RowsRead.answer(held, Long.toString(limit)));
  }
}
