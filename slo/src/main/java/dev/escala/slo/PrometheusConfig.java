package dev.escala.slo;

import java.util.List;

/** How Prometheus asks the processes, and where it finds them and the rules. */
public final class PrometheusConfig implements ArtifactGenerator {
  /** Far above the budget: a defect, which must not reach the storage. */
  private static final int MOST_SAMPLES = 5000;

  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    String scrape = Timescale.text(presentation.timescale().scrape());
    return List.of(new Artifact("prometheus/prometheus.yml", config(scrape)));
  }

  private static String config(String scrape) {
    return """
    # Made by `escala slo generate`; which processes there are stands in targets/.
    # Keep at least 31 days: --storage.tsdb.retention.time=31d, for the budgets are of 30.
    global:
      scrape_interval: %1$s
      scrape_timeout: %1$s
      evaluation_interval: %1$s
    rule_files:
      - rules/*.yml
    alerting:
      alertmanagers:
        - static_configs:
            - targets: ["127.0.0.1:9093"]
    scrape_configs:
      # The series carry system, env, tier and region themselves; targets may too, for `up`.
      - job_name: escala
        honor_labels: true
        sample_limit: %2$d
        label_limit: 20
        label_name_length_limit: 60
        label_value_length_limit: 200
        file_sd_configs:
          - files: ["targets/*.yml"]
      - job_name: prometheus
        static_configs:
          - targets: ["127.0.0.1:9090"]
    """
        .formatted(scrape, MOST_SAMPLES);
  }
}
