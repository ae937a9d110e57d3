package dev.escala.bench;

import dev.escala.embedded.FirstReads;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What is answered well where more comes than the server can do: its peak in a closed loop, then an
 * open loop at multiples of it. The server and its database have one core and the generator the
 * other, so that what it costs to ask is not taken from what is asked.
 */
final class Overload {
  static final int SERVER_CORE = 0;
  static final int GENERATOR_CORE = 1;

  static final String COLUMNS =
      "| | Good/s | Of peak | Hold | Held | Refused | Refusals p50, p99 | Good p50, p99 | Without"
          + " Retry-After | Else | As before after |\n"
          + "|---|---|---|---|---|---|---|---|---|---|---|";

  private static final List<Integer> CONNECTIONS = List.of(16, 64);
  private static final List<Integer> FACTORS = List.of(3, 10);
  private static final double HOLD = 0.8;
  private static final int ADDRESSES = 8;
  private static final int FIRST_ADDRESS = 2;
  private static final int PROBE_ADDRESS = 100;
  private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(20);

  private final PackagedServer server;
  private final String ownerUrl;
  private final int rounds;
  private final Duration turn;
  private final List<String> lines = new ArrayList<>();

  /**
   * Of a server that has {@code read_rows} and the topic {@code flooded}.
   *
   * @param seconds of each turn
   */
  Overload(PackagedServer server, String ownerUrl, int rounds, int seconds) {
    this.server = server;
    this.ownerUrl = ownerUrl;
    this.rounds = rounds;
    this.turn = Duration.ofSeconds(seconds);
  }

  List<String> measure() throws Exception {
    FirstReads.await(server.url("/flights/read_rows?limit=1"));
    measure("Reads by key", Requests::byKey);
    measure("Reads and small posts", Requests::mixed);
    measure("Batches", () -> Requests.batches(false));
    measure("Batches, gzip", () -> Requests.batches(true));
    return lines;
  }

  private void measure(String what, Supplier<Requests> load) throws Exception {
    double peak = 0;
    double calm = 0;
    // What does not count: until it is warm, and nothing of the load before is under way.
    closed(load, CONNECTIONS.getLast());
    for (int connections : CONNECTIONS) {
      closed(load, connections);
      List<Tally> tallies = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        tallies.add(closed(load, connections));
      }
      Tally middle = middle(tallies);
      if (middle.goodput() > peak) {
        peak = middle.goodput();
        calm = middle.good().percentile(99);
        line(what + ", peak, " + connections + " connections", middle, "–", "–", "–");
      }
    }
    for (int factor : FACTORS) {
      open(what, load, factor, peak, calm);
    }
  }

  private Tally closed(Supplier<Requests> load, int connections) throws Exception {
    empty();
    try (Generator generator = generator()) {
      return generator.closed(load.get(), connections, turn);
    }
  }

  private void open(String what, Supplier<Requests> load, int factor, double peak, double calm)
      throws Exception {
    List<Tally> tallies = new ArrayList<>();
    List<Long> recoveries = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      empty();
      try (Generator generator = generator()) {
        tallies.add(generator.open(load.get(), factor * peak, turn));
      }
      recoveries.add(recovery(load.get(), calm));
    }
    Tally middle = middle(tallies);
    double ratio = middle.goodput() / peak;
    line(
        what + ", " + factor + " ×",
        middle,
        String.format(Locale.ROOT, "%.2f", ratio),
        ratio >= HOLD ? "yes" : "**no**",
        recoveries.stream().max(Comparator.naturalOrder()).orElseThrow() + " ms");
  }

  /** Until one client alone is answered as quickly as at the peak, from the end of the load. */
  private long recovery(Requests requests, double calm) throws IOException {
    long start = System.nanoTime();
    try (Generator probe = new Generator(port(), PROBE_ADDRESS, 1)) {
      while (System.nanoTime() - start < LONGEST_RECOVERY.toNanos()) {
        Tally tally = probe.closed(requests, 1, Duration.ofMillis(20));
        if (tally.refused().count() == 0
            && tally.others().isEmpty()
            && tally.good().percentile(100) <= Math.max(calm, 20)) {
          break;
        }
      }
    }
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private Generator generator() throws IOException {
    return new Generator(port(), FIRST_ADDRESS, ADDRESSES);
  }

  private int port() {
    return server.url("/").getPort();
  }

  private void empty() throws IOException, InterruptedException {
    Shell.psql(
        ownerUrl, "DO $$ BEGIN TRUNCATE flooded; EXCEPTION WHEN undefined_table THEN END $$");
  }

  private static Tally middle(List<Tally> tallies) {
    return tallies.stream()
        .sorted(Comparator.comparingDouble(Tally::goodput))
        .toList()
        .get(tallies.size() / 2);
  }

  private void line(String what, Tally tally, String ratio, String held, String recovery) {
    String line =
        String.format(
            Locale.ROOT,
            "| %s | %,.0f %s | %s | %s | %s | %.0f %% | %s | %s | %,d | %s | %s |",
            what,
            tally.goodput(),
            tally.goodByKind().size() > 1 ? tally.goodByKind() : "",
            ratio,
            held.equals("–") ? "–" : "≥ 0.80",
            held,
            100 * tally.shareRefused(),
            times(tally.refused()),
            times(tally.good()),
            tally.refusedWithoutTime(),
            tally.others().isEmpty() ? "–" : tally.others(),
            recovery);
    lines.add(line);
    System.err.println(line);
  }

  private static String times(Tally.Latencies latencies) {
    return latencies.count() == 0
        ? "–"
        : String.format(
            Locale.ROOT, "%.1f, %.1f ms", latencies.percentile(50), latencies.percentile(99));
  }
}
