package dev.escala.fleet;

import dev.escala.observe.Observer;
import dev.escala.ops.MetricsObserver.Scrape;
import dev.escala.ops.ProberMetrics;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who asks the systems of a region from outside, and tells the product's own metrics. */
final class SimulatedProber {
  /** What was asked so many looks ago is absent. */
  private static final int FRESH = 3;

  private final ProberMetrics metrics;
  private final Map<SimulatedSystem, Observer> observers = new LinkedHashMap<>();

  SimulatedProber(List<SimulatedSystem> systems, Pace pace) {
    metrics = new ProberMetrics(pace.look().multipliedBy(FRESH));
    systems.forEach(system -> observers.put(system, metrics.of(system.system().labels())));
  }

  /** What Prometheus gets at this time. */
  Scrape scrape(Instant now, String accept) {
    observers.forEach(
        (system, observer) -> system.askedFromOutside(now).ifPresent(observer::observed));
    return metrics.scrape(accept);
  }
}
