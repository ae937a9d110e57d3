package dev.escala.ops;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the metrics of one registry, each with the labels of the system. */
final class Meter {
  private final PrometheusRegistry registry;
  private final Labels common;

  /** Where the label {@code topic} stands among those of a metric. */
  private final Map<StatefulMetric<?, ?>, Integer> byTopic = new ConcurrentHashMap<>();

  Meter(PrometheusRegistry registry, Labels common) {
    this.registry = registry;
    this.common = common;
  }

  Counter counter(String name, String help, String... labels) {
    return noted(
        labels,
        Counter.builder()
            .name(name)
            .help(help)
            .labelNames(labels)
            .constLabels(common)
            .withoutExemplars()
            .register(registry));
  }

  Gauge gauge(String name, String help, String... labels) {
    return noted(
        labels,
        Gauge.builder()
            .name(name)
            .help(help)
            .labelNames(labels)
            .constLabels(common)
            .withoutExemplars()
            .register(registry));
  }

  Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
    return noted(
        labels,
        Histogram.builder()
            .name(name)
            .help(help)
            .labelNames(labels)
            .constLabels(common)
            .classicOnly()
            .classicUpperBounds(upperBounds)
            .withoutExemplars()
            .register(registry));
  }

  private <M extends StatefulMetric<?, ?>> M noted(String[] labels, M metric) {
    int at = List.of(labels).indexOf("topic");
    if (at >= 0) {
      byTopic.put(metric, at);
    }
    return metric;
  }

  /** Forgets all series of a topic. */
  void forgetTopic(String topic) {
    byTopic.forEach((metric, at) -> metric.removeIf(values -> values.get(at).equals(topic)));
  }
}
