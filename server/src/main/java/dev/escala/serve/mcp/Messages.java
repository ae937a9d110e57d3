package dev.escala.serve.mcp;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Messages of JSON-RPC, as octets. */
final class Messages {
  static final McpJsonMapper JSON = new JacksonMcpJsonMapper(JsonMapper.builder().build());

  private Messages() {}

  /** This is no message. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("no message of JSON-RPC", null, false, false);
    }
  }

  static JSONRPCMessage read(byte[] octets) throws Malformed {
    String text = new String(octets, StandardCharsets.UTF_8);
    if (!text.stripLeading().startsWith("{")) {
      throw new Malformed();
    }
    try {
      return McpSchema.deserializeJsonRpcMessage(JSON, text);
    } catch (IOException | IllegalArgumentException | JacksonException malformed) {
      throw new Malformed();
    }
  }

  static byte[] write(JSONRPCResponse response) throws Malformed {
    try {
      return JSON.writeValueAsBytes(response);
    } catch (IOException | JacksonException unwritable) {
      throw new Malformed();
    }
  }
}
