package dev.escala.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.escala.http.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/**
 * One page that draws the fleet as a table with timelines, in the style of the console. Nothing on
 * it comes from elsewhere.
 */
final class FleetPage implements HttpHandler {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'";
  private static final String STYLE = "/dev/escala/console/style/";

  /** What is served, and where among the resources it stands. */
  private static final Map<String, String> FILES =
      Map.of(
          "/",
          "/dev/escala/fleet/fleet.html",
          "/fleet.js",
          "/dev/escala/fleet/fleet.js",
          "/fleet.css",
          "/dev/escala/fleet/fleet.css",
          "/base.css",
          STYLE + "base.css",
          "/parts.css",
          STYLE + "parts.css",
          "/mark.svg",
          STYLE + "mark.svg");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");

  private final FleetView view;

  FleetPage(FleetView view) {
    this.view = view;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    exchange.getResponseHeaders().add("Content-Security-Policy", POLICY);
    exchange.getResponseHeaders().add("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().add("Cache-Control", "no-store");
    if (path.equals("/fleet.json")) {
      data(exchange);
    } else if (FILES.containsKey(path)) {
      String resource = FILES.get(path);
      String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
      FleetServer.answer(exchange, 200, type + "; charset=utf-8", resource(resource));
    } else {
      FleetServer.answer(exchange, 404, "text/plain", new byte[0]);
    }
  }

  /** 503 where Prometheus does not answer: the page then draws what it knew as unknown. */
  private void data(HttpExchange exchange) throws IOException {
    int status = 200;
    String body;
    try {
      body = JsonText.of(view.json(Instant.now()));
    } catch (UncheckedIOException | IllegalStateException unanswered) {
      status = 503;
      body = "{}";
    }
    FleetServer.answer(exchange, status, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = FleetPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("there is no " + name);
      }
      return in.readAllBytes();
    }
  }
}
