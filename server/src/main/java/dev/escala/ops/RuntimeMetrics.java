package dev.escala.ops;

import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmCompilationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryPoolAllocationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * What the JVM and its process tell of themselves: all that {@code JvmMetrics} registers, but
 * native memory. That is told only under {@code -XX:NativeMemoryTracking}, and the question alone
 * starts JMX with all its beans, a tenth of the server's start.
 */
final class RuntimeMetrics {

  private RuntimeMetrics() {}

  static void register(Labels labels, PrometheusRegistry registry) {
    JvmThreadsMetrics.builder().constLabels(labels).register(registry);
    JvmBufferPoolMetrics.builder().constLabels(labels).register(registry);
    JvmClassLoadingMetrics.builder().constLabels(labels).register(registry);
    JvmCompilationMetrics.builder().constLabels(labels).register(registry);
    JvmGarbageCollectorMetrics.builder().constLabels(labels).register(registry);
    JvmMemoryPoolAllocationMetrics.builder().constLabels(labels).register(registry);
    JvmMemoryMetrics.builder().constLabels(labels).register(registry);
    JvmRuntimeInfoMetric.builder().constLabels(labels).register(registry);
    ProcessMetrics.builder().constLabels(labels).register(registry);
  }
}
