package dev.escala.monitoring;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.dataformat.yaml.YAMLMapper;

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

  private static final int MOST_SAMPLES = 5000;
  private static final YAMLMapper YAML = new YAMLMapper();

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
    String every = interval.toMillis() + "ms";
    return YAML.writeValueAsString(
        Map.of(
            "global",
            Map.of(
                "scrape_interval", every,
                "scrape_timeout", every,
                "evaluation_interval", every),
            "rule_files",
            rules.stream().map(rule -> rule.toAbsolutePath().toString()).toList(),
            "scrape_configs",
            List.of(product(), prometheus(self)),
            "alerting",
            Map.of(
                "alertmanagers", alertmanagers.stream().map(PrometheusSettings::told).toList())));
  }

  private Map<String, Object> product() {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("job_name", JOB);
    job.put("honor_labels", true);
    job.put("sample_limit", MOST_SAMPLES);
    switch (discovery) {
      case Discovery.Fixed(List<String> targets) -> job.put("static_configs", fixed(targets));
      case Discovery.Listed(URI address) ->
          job.put(
              "http_sd_configs",
              List.of(Map.of("url", address.toString(), "refresh_interval", "5s")));
    }
    return job;
  }

  private static Map<String, Object> prometheus(Path self) {
    return Map.of(
        "job_name",
        "prometheus",
        "file_sd_configs",
        List.of(Map.of("files", List.of(self.toAbsolutePath().toString()))));
  }

  private static Map<String, Object> told(URI alertmanager) {
    return Map.of(
        "api_version", "v2", "static_configs", fixed(List.of(alertmanager.getAuthority())));
  }

  private static List<Map<String, Object>> fixed(List<String> targets) {
    return List.of(Map.of("targets", targets));
  }
}
