package dev.escala.slo;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.FreePort;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Alertmanager. With the committed configuration it has no keys, so it tells nobody. */
final class Alertmanager implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String url;

  /** Starts it as committed, on a free port; the folder is for its own files. */
  Alertmanager(Path folder) throws IOException {
    this(folder, Ops.FOLDER.resolve("alertmanager/alertmanager.yml").toAbsolutePath());
  }

  /** Starts it with another configuration. */
  Alertmanager(Path folder, Path config) throws IOException {
    int port = FreePort.find();
    url = "http://127.0.0.1:" + port;
    process =
        Tool.ALERTMANAGER.start(
            folder,
            "--config.file=" + config,
            "--storage.path=" + folder,
            "--web.listen-address=127.0.0.1:" + port,
            "--cluster.listen-address=",
            "--log.level=error");
    eventually("Alertmanager is ready", this::isReady);
  }

  private boolean isReady() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/-/ready")).build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notListening) {
      return false;
    }
  }

  /** Sends alerts, each by its labels, and waits until each is judged. */
  void fire(List<Map<String, String>> alerts) throws IOException, InterruptedException {
    post(alerts.stream().map(labels -> Map.of("labels", labels)).toList());
    eventually("every alert is judged", () -> isJudged(alerts.size()));
  }

  /** Sends alerts as Prometheus would: labels, annotations, and when they ended, if they did. */
  void post(List<? extends Map<String, ?>> alerts) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/api/v2/alerts"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(alerts)))
            .build();
    assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  private boolean isJudged(int alerts) throws IOException, InterruptedException {
    JsonNode known = get("/api/v2/alerts");
    return known.size() == alerts
        && known
            .valueStream()
            .noneMatch(alert -> alert.at("/status/state").asString().equals("unprocessed"));
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
    return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  /** What people would be sent: a line for each group, its receiver and what is not held back. */
  List<String> notifications() throws IOException, InterruptedException {
    List<String> notifications = new ArrayList<>();
    get("/api/v2/alerts/groups?active=true&inhibited=false&silenced=false")
        .forEach(group -> notifications.add(notification(group)));
    notifications.removeIf(notification -> notification.startsWith("nobody: "));
    return notifications.stream().sorted().toList();
  }

  private static String notification(JsonNode group) {
    Set<String> alerts = new TreeSet<>();
    group
        .get("alerts")
        .forEach(alert -> alerts.add(alert.at("/labels/alertname").asString().substring(6)));
    return group.at("/receiver/name").asString()
        + ": "
        + group.get("alerts").size()
        + " "
        + String.join(",", alerts);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
