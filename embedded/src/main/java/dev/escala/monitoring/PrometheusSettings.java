package dev.escala.monitoring;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a Prometheus asks, and what it makes of the answers.
 *
 * @param interval between two scrapes, and between two evaluations where a rule group says nothing
 * @param rules files, or patterns of files
 * @param alertmanagers where alerts go; each gets all
 */
public record PrometheusSettings(
    Duration interval, Discovery discovery, List<Path> rules, List<URI> alertmanagers) {
  /** The name of the job, which is part of the contract between rules and dashboards. */
  private static final String JOB = "escala";

  public PrometheusSettings {
    rules = List.copyOf(rules);
    alertmanagers = List.copyOf(alertmanagers);
  }

  /** How it finds what it scrapes. */
  public sealed interface Discovery {
    /** {@code host:port} of each, asked at {@code /metrics}. */
    record Fixed(List<String> targets) implements Discovery {}

    /** An address that lists the targets in the form of http_sd. */
    record Listed(URI address) implements Discovery {}
  }

  /**
   * The configuration file.
   *
   * @param self a file that will name the own address, which is not known before the start
   */
  String yaml(Path self) {
    return """
    global:
      scrape_interval: %1$s
      scrape_timeout: %1$s
      evaluation_interval: %1$s
    rule_files: [%2$s]
    scrape_configs:
      - job_name: %3$s
        honor_labels: true
        sample_limit: 5000
        %4$s
      - job_name: prometheus
        file_sd_configs: [{files: ["%6$s"]}]
    alerting:
      alertmanagers: [%5$s]
    """
        .formatted(
            interval.toMillis() + "ms",
            String.join(
                ", ", rules.stream().map(rule -> "\"" + rule.toAbsolutePath() + "\"").toList()),
            JOB,
            discoveryYaml(),
            staticYaml(alertmanagers),
            self.toAbsolutePath());
  }

  private String discoveryYaml() {
    return switch (discovery) {
      case Discovery.Fixed(List<String> targets) ->
          "static_configs: [{targets: [" + quoted(targets) + "]}]";
      case Discovery.Listed(URI address) ->
          "http_sd_configs: [{url: \"" + address + "\", refresh_interval: 5s}]";
    };
  }

  private static String staticYaml(List<URI> alertmanagers) {
    List<String> authorities = alertmanagers.stream().map(URI::getAuthority).toList();
    return authorities.isEmpty()
        ? ""
        : "{api_version: v2, static_configs: [{targets: [" + quoted(authorities) + "]}]}";
  }

  private static String quoted(List<String> targets) {
    return String.join(", ", targets.stream().map(target -> "\"" + target + "\"").toList());
  }
}
