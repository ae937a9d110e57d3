package dev.escala.bench;

import dev.escala.bench.Report.Rates;
import dev.escala.embedded.PackagedServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a row costs the databases, in time of their processors, by the kind of its table: steadier
 * than a rate on a machine that others use.
 */
final class CostRows {
  static final String COLUMNS =
      "| Table | µs of processor a row, all servers | Of plain | Hold | Held |\n"
          + "|---|---|---|---|---|";

  private static final List<Kind> KINDS =
      List.of(
          new Kind("cost_plain", 0),
          new Kind("cost_partitioned", 0),
          new Kind("cost_distributed", 2.5),
          new Kind("cost_both", 0));

  private final PackagedServer server;
  private final CitusNodes nodes;
  private final Events events = new Events(7);

  CostRows(PackagedServer server, CitusNodes nodes) {
    this.server = server;
    this.nodes = nodes;
  }

  static String yaml(CitusNodes nodes) {
    return """
    auth: none
    databases: {db: {url: "%s"}}
    topics:
      cost_plain: {table: db.cost_plain, key: $.event_id, time: $.scheduled_at, canary: off}
      cost_partitioned:
        {table: db.cost_partitioned, key: $.event_id, time: $.scheduled_at, dedup: key-time,
         partition: month, canary: off}
      cost_distributed:
        {table: db.cost_distributed, key: $.event_id, time: $.scheduled_at, distribute: key,
         shards: 4, canary: off}
      cost_both:
        {table: db.cost_both, key: $.event_id, time: $.scheduled_at, dedup: key-time,
         partition: month, distribute: key, shards: 4, canary: off}
    log: {level: warn}
    """
        .formatted(nodes.url());
  }

  /** A row of the table for each kind; a first round, which makes the tables, does not count. */
  List<String> measure(int rounds) throws Exception {
    Map<Kind, List<Double>> micros = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Kind kind : KINDS) {
        double row = microsOfARow(kind.topic());
        if (round > 0) {
          micros.computeIfAbsent(kind, each -> new ArrayList<>()).add(row);
        }
      }
    }
    Map<Kind, Double> medians = new LinkedHashMap<>();
    micros.forEach((kind, each) -> medians.put(kind, new Rates(kind.topic(), each).median()));
    double plain = medians.values().iterator().next();
    List<String> rows = new ArrayList<>();
    medians.forEach((kind, median) -> rows.add(kind.row(median, plain)));
    return rows;
  }

  private double microsOfARow(String topic) throws Exception {
    List<Events.Batch> batches = events.round();
    long before = nodes.computed().toNanos();
    double _ = new Poster(server).rate(topic, batches);
    return (nodes.computed().toNanos() - before) / 1e3 / Events.A_ROUND;
  }

  /** A topic and what a row of it may take, in rows of the plain one; zero: it is only told. */
  private record Kind(String topic, double hold) {
    private String row(double micros, double plain) {
      String held = micros / plain <= hold ? "yes" : "**no**";
      return String.format(
          Locale.ROOT,
          "| %s | %.1f | %.2f | %s | %s |",
          topic.replace("cost_", ""),
          micros,
          micros / plain,
          hold == 0 ? "–" : String.format(Locale.ROOT, "≤ %.1f", hold),
          hold == 0 ? "–" : held);
    }
  }
}
