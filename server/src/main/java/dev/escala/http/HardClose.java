package dev.escala.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Closes connections whose clients take nothing: Vert.x waits until all that was written is taken,
 * and gives what stands under a connection away by an internal interface only.
 */
final class HardClose {

  private HardClose() {}

  static void of(HttpConnection connection) {
    // From the place of Vert.x in the pipeline, whose own handler would wait.
    var _ = ((HttpServerConnection) connection).channelHandlerContext().close();
  }
}
