package dev.escala.fleet;

import dev.escala.monitoring.PrometheusApi;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Tells how a fleet stands, as Prometheus has found it. */
final class FleetReport {
  /** Prometheus tells nobody that its rules find something else: it has to be asked. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private static final Duration FIRST_ROUND = Duration.ofMinutes(1);

  /** Ctrl-C ends Prometheus, too, and then this is how long the end of this program may take. */
  private static final Duration ENDING = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What the slowest alert on these incidents waits for in real time. */
  private static final Duration SLOWEST = Duration.ofMinutes(15);

  /** So many looks in a row must find the same before it counts as found. */
  private static final int LOOKS = 10;

  private final Fleet fleet;
  private final WatchedFleet watched;
  private final PrometheusApi prometheus;
  private final int timescale;
  private final PrintWriter out;

  FleetReport(Fleet fleet, WatchedFleet watched, int timescale, PrintWriter out) {
    this.fleet = fleet;
    this.watched = watched;
    this.prometheus = watched.prometheus().api();
    this.timescale = timescale;
    this.out = out;
  }

  void tellWhatToLookAt() {
    out.print(
        """
        COUNT systems are watched by URL

        Look at:
          all of them      PAGE
          what fires       URL/alerts
          budgets left     URL/graph?g0.tab=1&g0.expr=bottomk(10,slo:error_budget_remaining:ratio_30d)
          the rules        URL/rules
          one system       TARGETS
        A Grafana that reads ops/grafana shows the dashboards; its data source is the address above.
        Ctrl-C stops.

        """
            .replace("COUNT", Integer.toString(fleet.systems().size()))
            .replace("PAGE", watched.page().toString())
            .replace("URL", watched.prometheus().url().toString())
            .replace("TARGETS", watched.targets().toString()));
    for (Incident incident : fleet.incidents()) {
      out.printf("Goes wrong after %d s: %s%n", incident.after().toSeconds(), incident);
    }
    out.println();
    out.flush();
  }

  /**
   * Tells the picture whenever it is another, until this program ends.
   *
   * @throws IOException if Prometheus ends before
   */
  void tellChanges() throws InterruptedException, IOException {
    long start = System.nanoTime();
    String before = "";
    while (true) {
      Thread.sleep(BETWEEN_LOOKS);
      Optional<FleetPicture> picture = look();
      if (picture.isEmpty()) {
        // Whether this program ends as well is known only once it has not.
        Thread.sleep(ENDING);
        throw new IOException("Prometheus has ended");
      }
      Duration since = Duration.ofNanos(System.nanoTime() - start);
      String now = picture.get().text();
      // Before the first round of scrapes the systems that are not known yet would look lost.
      boolean complete = picture.get().known() == fleet.systems().size();
      if (!now.equals(before) && (complete || since.compareTo(FIRST_ROUND) > 0)) {
        out.printf("After %d s: %s%n", since.toSeconds(), now);
        out.flush();
        before = now;
      }
    }
  }

  private Optional<FleetPicture> look() {
    try {
      return Optional.of(FleetPicture.of(prometheus));
    } catch (UncheckedIOException gone) {
      return Optional.empty();
    }
  }

  /** Whether in time exactly the systems that are struck are not ok, and exactly those page. */
  boolean findsExactlyWhatIsStruck() throws InterruptedException {
    Set<String> struck = new TreeSet<>();
    fleet.incidents().forEach(i -> fleet.struckBy(i).forEach(system -> struck.add(system.name())));
    long start = System.nanoTime();
    FleetPicture picture = FleetPicture.of(prometheus);
    int looks = 0;
    Duration patience = PATIENCE.plus(SLOWEST.dividedBy(timescale));
    while (looks < LOOKS && System.nanoTime() - start < patience.toNanos()) {
      Thread.sleep(BETWEEN_LOOKS);
      picture = FleetPicture.of(prometheus);
      boolean found = picture.known() == fleet.systems().size() && picture.isExactly(struck);
      looks = found ? looks + 1 : 0;
    }
    boolean found = looks == LOOKS;
    out.printf(
        "%s after %d s:%n%s",
        found ? "Found, and nothing else," : "NOT what was struck, " + struck + ",",
        Duration.ofNanos(System.nanoTime() - start).toSeconds(),
        picture.text());
    out.print(FleetCost.of(prometheus).text());
    out.flush();
    return found;
  }
}
