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

  private static final String PLAIN = "cost_plain";

  /** Each with what it holds, of plain; zero: it is only told. */
  private static final Map<String, Double> KINDS = kinds();

  private final PackagedServer server;
  private final CitusNodes nodes;
  private final Events events = new Events(7);

  CostRows(PackagedServer server, CitusNodes nodes) {
    this.server = server;
    this.nodes = nodes;
  }

  private static Map<String, Double> kinds() {
    Map<String, Double> kinds = new LinkedHashMap<>();
    kinds.put(PLAIN, 0.0);
    kinds.put("cost_partitioned", 0.0);
    kinds.put("cost_distributed", 2.5);
    kinds.put("cost_both", 0.0);
    return kinds;
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
    Map<String, List<Double>> micros = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (String kind : KINDS.keySet()) {
        double row = microsOfARow(kind);
        if (round > 0) {
          micros.computeIfAbsent(kind, each -> new ArrayList<>()).add(row);
        }
      }
    }
    double plain = new Rates(PLAIN, micros.get(PLAIN)).median();
    List<String> rows = new ArrayList<>();
    micros.forEach((kind, each) -> rows.add(row(kind, new Rates(kind, each).median(), plain)));
    return rows;
  }

  private double microsOfARow(String topic) throws Exception {
    List<Events.Batch> batches = events.round();
    long before = nodes.computed().toNanos();
    double _ = new Poster(server).rate(topic, batches);
    return (nodes.computed().toNanos() - before) / 1e3 / Events.A_ROUND;
  }

  private static String row(String kind, double micros, double plain) {
    double hold = KINDS.get(kind);
    String held = micros / plain <= hold ? "yes" : "**no**";
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.2f | %s | %s |",
        kind.replace("cost_", ""),
        micros,
        micros / plain,
        hold == 0 ? "–" : String.format(Locale.ROOT, "≤ %.1f", hold),
        hold == 0 ? "–" : held);
  }
}
