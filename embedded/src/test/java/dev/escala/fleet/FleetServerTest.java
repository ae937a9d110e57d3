package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Execution(ExecutionMode.SAME_THREAD)
class FleetServerTest {
  private static HttpResponse<String> get(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  @Test
  void isFoundAndScrapedAsPrometheusDoesIt() throws Exception {
    Fleet fleet = Fleet.read(FleetFileTest.COMMITTED);
    try (FleetServer server = FleetServer.start(fleet, Pace.of(20), 0)) {
      JsonNode groups = JsonMapper.shared().readTree(get(server.targets()).body());
      assertThat(groups).as("fifty systems, and a prober in each region").hasSize(54);
      JsonNode last = groups.get(53);
      String authority = last.path("targets").get(0).asString();
      String path = last.path("labels").path("__metrics_path__").asString();
      HttpResponse<String> metrics = get(URI.create("http://" + authority + path));
      assertThat(metrics.statusCode()).isEqualTo(200);
      assertThat(metrics.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(metrics.body())
          .contains(
              "escala_build_info{", "system=\"" + last.path("labels").path("system").asString());
      HttpResponse<String> prober =
          get(URI.create("http://" + authority + "/probers/sa-east-1/metrics"));
      assertThat(prober.body().lines().filter(line -> line.startsWith("prober_success{")))
          .as("systems of the region")
          .hasSize(6);
      assertThat(get(URI.create("http://" + authority + "/systems/none/metrics")).statusCode())
          .isEqualTo(404);
    }
  }
}
