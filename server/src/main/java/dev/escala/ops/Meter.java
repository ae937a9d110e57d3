package dev.escala.ops;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

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

  /** A gauge that is asked for when somebody wants to know. */
  void atEachScrape(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .constLabels(common)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  Histogram histogram(String name, String help, double[] upperBounds, String... labels) {
    return noted(
        labels,
        histogram(name, help, upperBounds)
            .labelNames(labels)
            .withoutExemplars()
            .register(registry));
  }

  /** One that keeps, with some of what it counts, the trace that it was a part of. */
  Histogram tracedHistogram(String name, String help, double[] upperBounds, String... labels) {
    return noted(
        labels,
        histogram(name, help, upperBounds).labelNames(labels).withExemplars().register(registry));
  }

  private Histogram.Builder histogram(String name, String help, double[] upperBounds) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .constLabels(common)
        .classicOnly()
        .classicUpperBounds(upperBounds);
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
