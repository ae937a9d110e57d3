package dev.escala.serve.mcp;

import dev.escala.http.AnswerRoom;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Problem;
import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.database.ErrorAnswers;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers the messages to one database: JSON off the event loop, what they ask for on it. */
final class Dialogue {
  private static final int ACCEPTED = 202;
  private static final CharSequence TYPE = "application/json";

  private final DatabaseReads reads;
  private final Endpoints endpoints;

  /** Made twice where two messages come at once, to no harm. */
  private volatile @Nullable ToolServer server;

  Dialogue(DatabaseReads reads, Endpoints endpoints) {
    this.reads = reads;
    this.endpoints = endpoints;
  }

  /**
   * Takes a message; off the event loop, as the first one loads the SDK, and the first one after a
   * change of the catalog describes it anew.
   */
  void received(Exchange exchange, byte[] body) {
    try {
      JSONRPCMessage message = Messages.read(body);
      Optional<Loaded> loaded = reads.keeper().current();
      if (!(message instanceof JSONRPCRequest request)) {
        exchange.goOn(() -> exchange.nothing(ACCEPTED)); // nothing follows from it
      } else if (loaded.isEmpty()) {
        ErrorAnswers.unavailable(exchange);
      } else {
        ToolServer tools = server(loaded.get());
        exchange.goOn(() -> answer(tools, exchange, request));
      }
    } catch (Messages.Malformed malformed) {
      refuse(exchange);
    }
  }

  private static void answer(ToolServer tools, Exchange exchange, JSONRPCRequest request) {
    AnswerRoom room = exchange.room();
    tools
        .answer(exchange, room, request)
        .subscribe(response -> exchange.apart("mcp-answer", () -> write(exchange, room, response)));
  }

  /** For the catalog as it is now: the tools are those of its published queries. */
  private ToolServer server(Loaded loaded) {
    ToolServer present = server;
    if (present == null || !present.isOf(loaded)) {
      present = new ToolServer(reads, loaded, endpoints.tools(reads, loaded));
      server = present;
    }
    return present;
  }

  private static void write(Exchange exchange, AnswerRoom room, JSONRPCResponse response) {
    try {
      byte[] octets = Messages.write(response);
      room.giveBack();
      exchange.answer(200, TYPE, octets);
    } catch (Messages.Malformed unwritable) {
      refuse(exchange);
    } finally {
      room.giveBack();
    }
  }

  private static void refuse(Exchange exchange) {
    exchange.problem(
        Problem.of(
            ErrorCode.ESC112,
            "The body is not one message of JSON-RPC 2.0",
            "Send one object with jsonrpc, id, method and params, in UTF-8; there are no"
                + " batches."));
  }
}
