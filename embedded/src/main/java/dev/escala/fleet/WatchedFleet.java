package dev.escala.fleet;

import dev.escala.config.ConfigurationException;
import dev.escala.monitoring.GeneratedRules;
import dev.escala.monitoring.Prometheus;
import dev.escala.monitoring.PrometheusSettings;
import dev.escala.monitoring.PrometheusSettings.Discovery;
import dev.escala.monitoring.TemporaryFolder;
import dev.escala.slo.Destinations;
import dev.escala.slo.Inventory;
import dev.escala.slo.InventoryRules;
import dev.escala.slo.Timescale;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A simulated fleet and the Prometheus that watches it, ended together. */
final class WatchedFleet implements AutoCloseable {
  /** In real time; never less than the minute that a person can follow. */
  private static final Duration DRAWN = Duration.ofMinutes(20);

  private static final Duration LEAST_DRAWN = Duration.ofMinutes(1);

  private final FleetServer server;
  private final TemporaryFolder folder;
  private final Prometheus prometheus;
  private final URI page;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * How it is watched.
   *
   * @param slos the folder of the SLO files
   * @param timescale how many times faster than real time
   * @param fleetPort where the systems answer; 0 takes a free one
   * @param prometheusPort 0 takes a free one
   */
  record Watch(Path slos, int timescale, int fleetPort, int prometheusPort) {}

  private WatchedFleet(
      FleetServer server, TemporaryFolder folder, Prometheus prometheus, int timescale) {
    this.server = server;
    this.folder = folder;
    this.prometheus = prometheus;
    Duration drawn = DRAWN.dividedBy(timescale);
    page =
        server.show(
            new FleetPage(
                new FleetView(
                    prometheus.api(), drawn.compareTo(LEAST_DRAWN) > 0 ? drawn : LEAST_DRAWN)));
  }

  /**
   * Starts both.
   *
   * @param alertmanagers where alerts go; each gets all
   */
  static WatchedFleet start(Fleet fleet, Watch watch, List<URI> alertmanagers)
      throws IOException, ConfigurationException {
    TemporaryFolder folder = new TemporaryFolder("escala-fleet");
    FleetServer server = null;
    try {
      GeneratedRules rules = GeneratedRules.write(watch.slos(), folder.path(), watch.timescale());
      server = FleetServer.start(fleet, Pace.of(watch.timescale()), watch.fleetPort());
      server.warmUp();
      Path inventory = folder.path().resolve("prometheus/inventory.yml");
      Files.writeString(inventory, inventory(fleet, watch.timescale()));
      PrometheusSettings settings =
          new PrometheusSettings(
              new Timescale(watch.timescale()).scrape(),
              new Discovery.Listed(server.targets()),
              List.of(rules.rules(), inventory),
              alertmanagers);
      Prometheus prometheus = Prometheus.start(settings, folder.path(), watch.prometheusPort());
      return new WatchedFleet(server, folder, prometheus, watch.timescale());
    } catch (IOException | ConfigurationException failure) {
      if (server != null) {
        server.close();
      }
      folder.close();
      throw failure;
    }
  }

  /**
   * Says which systems there should be. Nothing is expected before the first round of scrapes: to
   * find what to scrape takes a Prometheus five seconds, which are minutes here.
   */
  private static String inventory(Fleet fleet, int timescale) {
    Inventory expected =
        new Inventory(
            fleet.systems().stream().map(FleetSystem::expected).toList(), Destinations.NOWHERE);
    return InventoryRules.text(expected, new Timescale(timescale))
        .replace("vector(1)", "(count(count_over_time(prober_checks_total[1d])) ^ 0)");
  }

  Prometheus prometheus() {
    return prometheus;
  }

  /** Where a person sees all systems. */
  URI page() {
    return page;
  }

  URI targets() {
    return server.targets();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      prometheus.close();
      server.close();
      folder.close();
    }
  }
}
