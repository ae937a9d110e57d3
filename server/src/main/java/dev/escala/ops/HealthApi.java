package dev.escala.ops;

import dev.escala.http.JsonText;
import dev.escala.http.Router;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.HealthProbe.Status;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code /ping}: the process answers; {@code /health}: so does everything that it depends on. */
public final class HealthApi {
  private static final String OK = JsonText.of(Map.of("status", "ok"));

  private final Map<String, String> build;
  private final Health health;

  /** The build's version is part of the answer: a deployment asks for it. */
  public HealthApi(String version, Supplier<List<HealthProbe>> probes) {
    this.build = Map.of("version", version);
    this.health = new Health(probes);
  }

  public void register(Router router) {
    router.on("GET|HEAD", "/ping", exchange -> exchange.json(200, OK));
    router.on(
        "GET|HEAD",
        "/health",
        exchange ->
            health.check(
                picture ->
                    exchange.json(
                        picture.status() == Status.CRITICAL ? 503 : 200, picture.json(build))));
  }
}
