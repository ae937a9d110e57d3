package dev.escala.ops;

import dev.escala.observe.Observation.RoomMeasured;
import io.prometheus.metrics.core.metrics.Gauge;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How much of the bounds on what messages make is used; what is not known is absent. */
final class RoomMetrics {
  private final TopicLabel topics;
  private final Share tables;
  private final Share columns;
  private final Share columnsByTopic;

  RoomMetrics(Meter meter, TopicLabel topics) {
    this.topics = topics;
    tables =
        new Share(
            meter.gauge(
                "ingest_invented_tables_used_ratio",
                "Tables of topics that no configuration names, of those that there may be.",
                "database"));
    columns =
        new Share(
            meter.gauge(
                "ingest_invented_columns_used_ratio",
                "Columns of such tables, of those that there may be.",
                "database"));
    columnsByTopic =
        new Share(
            meter.gauge(
                "ingest_columns_used_ratio",
                "Columns of the table of a topic, of those that messages may make of it.",
                "topic"));
  }

  void measured(RoomMeasured e) {
    tables.set(e.tables());
    columns.set(e.columns());
    Map<String, Double> byLabel = new HashMap<>();
    e.columnsByTopic().forEach((topic, used) -> byLabel.merge(topics.of(topic), used, Math::max));
    columnsByTopic.set(byLabel);
  }

  private static final class Share {
    private final Gauge gauge;
    private Set<String> known = Set.of();

    Share(Gauge gauge) {
      this.gauge = gauge;
    }

    void set(Map<String, Double> shares) {
      Set<String> gone = new HashSet<>(known);
      gone.removeAll(shares.keySet());
      gone.forEach(gauge::remove);
      shares.forEach((label, share) -> gauge.labelValues(label).set(share));
      known = Set.copyOf(shares.keySet());
    }
  }
}
