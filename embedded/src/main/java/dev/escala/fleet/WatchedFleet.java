package dev.escala.fleet;

import dev.escala.config.ConfigurationException;
import dev.escala.monitoring.GeneratedRules;
import dev.escala.monitoring.Prometheus;
import dev.escala.monitoring.PrometheusSettings;
import dev.escala.monitoring.PrometheusSettings.Discovery;
import dev.escala.monitoring.TemporaryFolder;
import dev.escala.slo.Timescale;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A simulated fleet and the Prometheus that watches it, ended together. */
final class WatchedFleet implements AutoCloseable {
  private final FleetServer server;
  private final TemporaryFolder folder;
  private final Prometheus prometheus;
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

  private WatchedFleet(FleetServer server, TemporaryFolder folder, Prometheus prometheus) {
    this.server = server;
    this.folder = folder;
    this.prometheus = prometheus;
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
      PrometheusSettings settings =
          new PrometheusSettings(
              new Timescale(watch.timescale()).scrape(),
              new Discovery.Listed(server.targets()),
              List.of(rules.rules()),
              alertmanagers);
      return new WatchedFleet(
          server, folder, Prometheus.start(settings, folder.path(), watch.prometheusPort()));
    } catch (IOException | ConfigurationException failure) {
      if (server != null) {
        server.close();
      }
      folder.close();
      throw failure;
    }
  }

  Prometheus prometheus() {
    return prometheus;
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
