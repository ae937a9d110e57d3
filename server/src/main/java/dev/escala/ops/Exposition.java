package dev.escala.ops;

import dev.escala.ops.MetricsObserver.Scrape;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Writes what a registry holds, in the formats that Prometheus reads. */
final class Exposition {
  private final PrometheusRegistry registry;
  private final ExpositionFormats formats = ExpositionFormats.init();

  Exposition(PrometheusRegistry registry) {
    this.registry = registry;
  }

  /** In the format that the Accept header asks for. */
  Scrape scrape(@Nullable String accept) {
    ExpositionFormatWriter writer = writer(accept);
    ByteArrayOutputStream body = new ByteArrayOutputStream(32 * 1024);
    try {
      writer.write(body, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new Scrape(writer.getContentType(), body.toByteArray());
  }

  /** Who would like protobuf takes text, too. */
  private ExpositionFormatWriter writer(@Nullable String accept) {
    ExpositionFormatWriter asked = formats.findWriter(accept);
    if (asked.isAvailable()) {
      return asked;
    }
    ExpositionFormatWriter open = formats.getOpenMetricsTextFormatWriter();
    return open.accepts(accept) ? open : formats.getPrometheusTextFormatWriter();
  }
}
