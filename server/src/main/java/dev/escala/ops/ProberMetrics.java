package dev.escala.ops;

import dev.escala.observe.Observation.ApiProbed;
import dev.escala.observe.Observer;
import dev.escala.ops.MetricsObserver.Scrape;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How systems answer who asks from outside, each with the labels of the system. What was asked too
 * long ago is absent: a prober that hangs must not look like one whose questions are answered.
 */
public final class ProberMetrics {
  private static final String[] LABELS = {"system", "env", "tier", "region"};

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Exposition exposition = new Exposition(registry);
  private final Map<SystemLabels, Look> looks = new ConcurrentHashMap<>();
  private final Counter checks;
  private final Duration fresh;
  private final LongSupplier nanos;

  private record Look(ApiProbed probed, long atNanos) {}

  /** Forgets looks that are older than this. */
  public ProberMetrics(Duration fresh) {
    this(fresh, System::nanoTime);
  }

  ProberMetrics(Duration fresh, LongSupplier nanos) {
    this.fresh = fresh;
    this.nanos = nanos;
    gauge(
        "prober_success",
        "1 if the API answered a question from outside with what was expected.",
        look -> look.answered() ? 1 : 0);
    gauge(
        "prober_duration_seconds",
        "How long that took, or until it was given up.",
        look -> look.took().toNanos() / 1e9);
    checks =
        Counter.builder()
            .name("prober_checks_total")
            .help("Questions from outside.")
            .labelNames("system", "env", "tier", "region", "result")
            .withoutExemplars()
            .register(registry);
  }

  private void gauge(String name, String help, ToDoubleFunction<ApiProbed> value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(LABELS)
        .callback(
            callback ->
                looks.forEach(
                    (system, look) -> {
                      if (nanos.getAsLong() - look.atNanos() <= fresh.toNanos()) {
                        callback.call(value.applyAsDouble(look.probed()), values(system));
                      }
                    }))
        .register(registry);
  }

  private static String[] values(SystemLabels system) {
    return new String[] {system.system(), system.environment(), system.tier(), system.region()};
  }

  /** Counts how this system answers. */
  public Observer of(SystemLabels system) {
    count(system, "ok", 0);
    count(system, "failed", 0);
    return observation -> {
      if (observation instanceof ApiProbed probed) {
        looks.put(system, new Look(probed, nanos.getAsLong()));
        count(system, probed.answered() ? "ok" : "failed", 1);
      }
    };
  }

  private void count(SystemLabels system, String result, int more) {
    checks
        .labelValues(system.system(), system.environment(), system.tier(), system.region(), result)
        .inc(more);
  }

  /** The metrics as text, in the format that the Accept header asks for. */
  public Scrape scrape(@Nullable String accept) {
    return exposition.scrape(accept);
  }
}
