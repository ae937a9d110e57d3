package dev.escala.serve.mcp;

import dev.escala.http.BodyReader;
import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Model Context Protocol over streamable HTTP, one message a request and without sessions, so
 * that any instance answers any of them. Of one event loop. The SDK is loaded by the first message:
 * this class does not name it.
 */
public final class McpApi {
  private static final String ALLOWED = "OPTIONS, POST";

  private final Endpoints endpoints;
  private final BodyReader bodies;
  private final Map<String, Dialogue> dialogues = new HashMap<>();

  public McpApi(Endpoints endpoints, BodyReader bodies) {
    this.endpoints = endpoints;
    this.bodies = bodies;
  }

  /** Any method: there are no streams to GET, and no sessions to DELETE. */
  public void handle(Exchange exchange, DatabaseReads reads) {
    switch (exchange.method()) {
      case "POST" -> post(exchange, reads);
      case "OPTIONS" -> exchange.with("Allow", ALLOWED).empty();
      default ->
          exchange
              .with("Allow", ALLOWED)
              .problem(
                  Problem.of(
                      ErrorCode.ESC101,
                      "This path does not have the method " + exchange.method(),
                      "Messages of the Model Context Protocol are sent by POST; there are no"
                          + " streams and no sessions."));
    }
  }

  private void post(Exchange exchange, DatabaseReads reads) {
    String database = reads.settings().name();
    Problem problem = problem(exchange);
    if (!exchange.caller().rights().mayLookInto(database)) {
      bodies.refuse(exchange, () -> Denial.answer(exchange, "look into the database " + database));
    } else if (problem != null) {
      bodies.refuse(exchange, () -> exchange.problem(problem));
    } else if (reads.isOverloaded(exchange.client())) {
      bodies.refuse(exchange, () -> ErrorAnswers.overloaded(exchange));
    } else if (reads.keeper().current().isEmpty()) {
      bodies.refuse(exchange, () -> ErrorAnswers.unavailable(exchange));
    } else {
      Dialogue dialogue =
          dialogues.computeIfAbsent(database, ignored -> new Dialogue(reads, endpoints));
      bodies.read(exchange, dialogue::received);
    }
  }

  /** What is wrong with the head of a message; null if nothing is. */
  private static @Nullable Problem problem(Exchange exchange) {
    String version = exchange.header("MCP-Protocol-Version");
    if (exchange.isOfStrangePage()) {
      return Problem.of(
          ErrorCode.ESC148,
          "Pages of this origin may not use the Model Context Protocol here",
          "The configuration may name it in http.cors.");
    }
    if (!isJson(exchange.header("Content-Type"))) {
      return Problem.of(
          ErrorCode.ESC111,
          "A message is JSON",
          "Send it with Content-Type: application/json, and not compressed.");
    }
    if (version != null && !Versions.SPOKEN.contains(version)) {
      return Problem.of(
          ErrorCode.ESC104,
          "The version of the protocol is not known: " + version,
          "MCP-Protocol-Version is one of " + String.join(", ", Versions.SPOKEN) + ".");
    }
    return null;
  }

  private static boolean isJson(@Nullable String type) {
    String named = Objects.requireNonNullElse(type, "").toLowerCase(Locale.ROOT);
    int parameters = named.indexOf(';');
    return (parameters < 0 ? named : named.substring(0, parameters))
        .strip()
        .equals("application/json");
  }
}
