package dev.escala.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Stands in for every receiver of an Alertmanager, and keeps what it is told. */
public final class Webhook implements AutoCloseable {
  private static final Pattern RECEIVER = Pattern.compile("- name: (\\S+)");

  private final HttpServer server;
  private final Queue<Notification> notifications = new ConcurrentLinkedQueue<>();

  /**
   * Something that somebody is told.
   *
   * @param group the labels by which its alerts are grouped
   */
  public record Notification(String receiver, String alert, JsonNode group, int alerts) {
    public boolean isPage() {
      return receiver.startsWith("page");
    }

    @Override
    public String toString() {
      return "%s: %d × %s %s".formatted(receiver, alerts, alert, group);
    }
  }

  /** Listens on a free loopback port. */
  public Webhook() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
  }

  /** Writes the file with these routes and inhibitions, and with all receivers leading here. */
  public Path receiving(String text, Path file) throws IOException {
    int receivers = text.indexOf("\nreceivers:\n");
    StringBuilder changed =
        new StringBuilder(text.substring(0, receivers)).append("\nreceivers:\n");
    RECEIVER
        .matcher(text.substring(receivers))
        .results()
        .map(receiver -> receiver.group(1))
        .forEach(name -> changed.append(receiver(name)));
    return Files.writeString(file, changed);
  }

  private String receiver(String name) {
    return """
      - name: %1$s
        webhook_configs:
          - url: "http://localhost:%2$d/%1$s"
            send_resolved: false
    """
        .formatted(name, server.getAddress().getPort());
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode told = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
      JsonNode group = told.path("groupLabels");
      notifications.add(
          new Notification(
              exchange.getRequestURI().getPath().substring(1),
              group.path("alertname").asString(""),
              group,
              told.path("alerts").size()));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** All so far but those that say that the alerting is alive. */
  public List<Notification> told() {
    return notifications.stream().filter(n -> !n.receiver().equals("watchdog")).toList();
  }

  /** Those of them that wake somebody. */
  public List<Notification> pages() {
    return told().stream().filter(Notification::isPage).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
