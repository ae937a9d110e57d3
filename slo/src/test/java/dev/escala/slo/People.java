package dev.escala.slo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.escala.config.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who is told: answers as PagerDuty, Slack and the dead man's switch do, and keeps what it got. */
final class People implements AutoCloseable {
  /** Waits of minutes are of a second or a few. */
  private static final Timescale DRILL = new Timescale(60);

  private final HttpServer server;
  private final List<Told> told = new CopyOnWriteArrayList<>();

  /**
   * A notification.
   *
   * @param receiver such as {@code page-critical}
   * @param over whether it says that something ended
   * @param body as the service gets it
   */
  record Told(String receiver, boolean over, JsonNode body) {}

  People() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::tell);
    server.start();
  }

  private void tell(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = JsonMapper.shared().readTree(exchange.getRequestBody());
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/v2/enqueue")) {
        boolean over = body.get("event_action").asString().equals("resolve");
        told.add(new Told(body.get("routing_key").asString(), over, body));
      } else {
        boolean over = body.at("/attachments/0/title").asString("").startsWith("RESOLVED");
        told.add(new Told(path.substring(1), over, body));
      }
      exchange.sendResponseHeaders(path.equals("/v2/enqueue") ? 202 : 200, -1);
    }
  }

  List<Told> told() {
    return told;
  }

  /** The generated configuration, faster than real time, in which these are who is told. */
  Path configuration(Path folder) throws IOException, ConfigurationException {
    String here = "http://127.0.0.1:" + server.getAddress().getPort();
    Path secrets = Files.createDirectories(folder.resolve("secrets"));
    for (String receiver : List.of("page-critical", "page-standard", "watchdog")) {
      Files.writeString(secrets.resolve(receiver), receiver);
    }
    Files.writeString(secrets.resolve("tickets"), here + "/tickets");
    Presentation presentation = new Presentation(DRILL, "", "", here + "/watchdog");
    SloBook book = SloFiles.read(Ops.FOLDER.resolve("slo"));
    String config =
        new AlertmanagerConfig().artifacts(book, presentation).getFirst().content()
            + "global:\n  pagerduty_url: %s/v2/enqueue\n".formatted(here);
    return Files.writeString(folder.resolve("alertmanager.yml"), config, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
