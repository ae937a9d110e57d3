package dev.escala.access;

import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes keys, as who issues tokens does, and counts who reads them. */
final class KeyServer implements AutoCloseable {
  private final AtomicInteger reads = new AtomicInteger();
  private volatile String keys = "";
  private final HttpServer server;

  private KeyServer(JWKSet first) throws IOException {
    publish(first);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          reads.incrementAndGet();
          byte[] body = keys.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              body.length == 0 ? 500 : 200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  static KeyServer start(JWKSet first) throws IOException {
    return new KeyServer(first);
  }

  void publish(JWKSet others) {
    keys = others.toString();
  }

  /** From now on it fails. */
  void fail() {
    keys = "";
  }

  int reads() {
    return reads.get();
  }

  URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/keys");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
