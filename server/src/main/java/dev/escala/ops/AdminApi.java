package dev.escala.ops;

import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.http.Router;
import dev.escala.observe.HealthProbe;
import dev.escala.observe.HealthProbe.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The admin port: {@code /metrics}, {@code /live}, {@code /ready}. */
public final class AdminApi {
  private static final String OK = JsonText.of(Map.of("status", "ok"));

  private final MetricsObserver metrics;
  private final Health readiness;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /** Ready means that none of these probes is critical. */
  public AdminApi(MetricsObserver metrics, List<HealthProbe> readiness) {
    this.metrics = metrics;
    this.readiness = new Health(readiness);
  }

  public void register(Router router) {
    router.on("GET|HEAD", "/metrics", this::metrics);
    router.on("GET|HEAD", "/live", exchange -> exchange.json(200, OK));
    router.on("GET|HEAD", "/ready", this::ready);
  }

  /** From now on the process is not ready, so that a load balancer sends nothing new. */
  public void stopping() {
    stopping.set(true);
  }

  private void metrics(Exchange exchange) {
    MetricsObserver.Scrape scrape = metrics.scrape(exchange.header("Accept"));
    exchange.answer(200, scrape.contentType(), scrape.body());
  }

  private void ready(Exchange exchange) {
    if (stopping.get()) {
      exchange.json(503, JsonText.of(Map.of("status", "stopping")));
      return;
    }
    readiness.check(
        picture -> exchange.json(picture.status() == Status.CRITICAL ? 503 : 200, picture.json()));
  }
}
