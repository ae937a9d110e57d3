package dev.escala.slo;

import java.util.List;

/** How Prometheus asks the processes, and where it finds them and the rules. */
public final class PrometheusConfig implements ArtifactGenerator {
  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    String file = new Templates(book, presentation).text("prometheus.yml");
    return List.of(new Artifact("prometheus/prometheus.yml", file));
  }
}
