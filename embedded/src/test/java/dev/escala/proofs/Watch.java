package dev.escala.proofs;

import dev.escala.config.ConfigurationException;
import dev.escala.monitoring.Alertmanager;
import dev.escala.monitoring.GeneratedRules;
import dev.escala.monitoring.Prometheus;
import dev.escala.monitoring.PrometheusSettings;
import dev.escala.monitoring.PrometheusSettings.Discovery;
import dev.escala.monitoring.Series;
import dev.escala.monitoring.Tool;
import dev.escala.monitoring.Webhook;
import dev.escala.monitoring.Webhook.Notification;
import dev.escala.slo.Timescale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/**
 * Those who watch a server: a real Prometheus with the rules, a real Alertmanager with the routes,
 * both as {@code escala slo generate} makes them, and somebody who is called. Their time runs
 * fifteen times faster: the scrape of 15 s is one of a second then, and all else is in proportion.
 */
final class Watch implements AutoCloseable {
  private static final Path SLOS = Path.of("../ops/slo");
  private static final int TIMESCALE = 15;
  private static final Set<String> ALWAYS_FIRING = Set.of("EscalaWatchdog");

  private final Webhook webhook;
  private final Alertmanager alertmanager;
  private final Prometheus prometheus;

  private Watch(Webhook webhook, Alertmanager alertmanager, Prometheus prometheus) {
    this.webhook = webhook;
    this.alertmanager = alertmanager;
    this.prometheus = prometheus;
  }

  /** Where the programs are missing, the test is skipped and says so. */
  static void orSkip() {
    Assumptions.assumeTrue(Tool.PROMETHEUS.isInstalled(), Tool.PROMETHEUS.missing());
    Assumptions.assumeTrue(Tool.ALERTMANAGER.isInstalled(), Tool.ALERTMANAGER.missing());
  }

  /** Begins to watch what answers at {@code target}, {@code host:port}. */
  static Watch over(String target, Path directory) throws IOException {
    Path own = Files.createTempDirectory(directory, "watch");
    try {
      GeneratedRules generated = GeneratedRules.write(SLOS, own, TIMESCALE);
      Webhook webhook = new Webhook();
      Alertmanager alertmanager =
          Alertmanager.start(
              webhook.receiving(
                  Files.readString(generated.alertmanager()), own.resolve("received.yml")),
              own);
      PrometheusSettings settings =
          new PrometheusSettings(
              new Timescale(TIMESCALE).scrape(),
              new Discovery.Fixed(List.of(target)),
              List.of(generated.rules()),
              List.of(alertmanager.url()));
      return new Watch(webhook, alertmanager, Prometheus.start(settings, own, 0));
    } catch (ConfigurationException wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  /** So long in the time of those who watch. */
  static Duration real(Duration time) {
    return time.dividedBy(TIMESCALE);
  }

  /** The alerts that fire now, whether anybody is told or not. */
  Set<String> firing() {
    return prometheus.api().query("ALERTS{alertstate=\"firing\"}").stream()
        .map(Series::labels)
        .map(labels -> labels.getOrDefault("alertname", ""))
        .filter(name -> !ALWAYS_FIRING.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The alerts by which somebody was woken until now. */
  Set<String> pages() {
    return names(webhook.pages());
  }

  /** What woke somebody, with its labels. */
  String calls() {
    return webhook.pages().toString();
  }

  /** The alerts of which somebody was told until now, at once or by a ticket. */
  Set<String> told() {
    return names(webhook.told());
  }

  private static Set<String> names(List<Notification> notifications) {
    return notifications.stream()
        .map(Notification::alert)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public void close() {
    prometheus.close();
    alertmanager.close();
    webhook.close();
  }
}
