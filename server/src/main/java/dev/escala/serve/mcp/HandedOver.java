package dev.escala.serve.mcp;

import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The transport by which the SDK hands over what answers messages; they come by our own HTTP. */
final class HandedOver implements McpStatelessServerTransport {
  private @Nullable McpStatelessServerHandler handler;

  @Override
  public void setMcpHandler(McpStatelessServerHandler answering) {
    handler = answering;
  }

  McpStatelessServerHandler handler() {
    return Objects.requireNonNull(handler);
  }

  @Override
  public List<String> protocolVersions() {
    return Versions.SPOKEN;
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }
}
