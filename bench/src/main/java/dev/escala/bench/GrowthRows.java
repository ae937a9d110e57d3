package dev.escala.bench;

import dev.escala.embedded.PackagedServer;
import java.util.ArrayList;
import java.util.List;

/**
 * Ingest into a table of 50 million rows against the same into one of a million, for each way to
 * find a duplicate. Rows from before are made by SQL; those that are measured come over HTTP, each
 * of a new key that is as random as theirs.
 */
final class GrowthRows {
  private final String ownerUrl;
  private final Poster poster;
  private final int rounds;
  private final Events events = new Events(11);

  GrowthRows(String ownerUrl, PackagedServer server, int rounds) {
    this.ownerUrl = ownerUrl;
    this.poster = new Poster(server);
    this.rounds = rounds;
  }

  /** A topic of each of the three kinds. */
  static String topics() {
    return """
      grown_key: {table: flights.grown_key, key: $.event_id, time: $.scheduled_at}
      grown_key_time: {table: flights.grown_key_time, key: $.event_id, time: $.scheduled_at, dedup: key-time, partition: month}
      grown_window: {table: flights.grown_window, key: $.event_id, time: $.scheduled_at, dedup: window, partition: month}
    """;
  }

  void measure(Report report) throws Exception {
    for (String table : List.of("grown_key", "grown_key_time", "grown_window")) {
      // The table, and a partition for each month.
      double _ = poster.rate(table, events.round());
      GrownTable grown = new GrownTable(ownerUrl, table);
      grown.fill(1, GrownTable.SMALL);
      Report.Rates small = rates(table, "1 M rows");
      grown.fill(GrownTable.SMALL + 1, GrownTable.LARGE);
      Report.Rates large = rates(table, "50 M rows");
      report.compare(
          "Ingest by " + table.substring(6).replace('_', '-'), large, small, GrownTable.HOLD);
      grown.drop();
    }
  }

  private Report.Rates rates(String table, String name) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double rate = poster.rate(table, events.round());
      if (round > 0) {
        rates.add(rate);
      }
    }
    return new Report.Rates(name, rates);
  }
}
