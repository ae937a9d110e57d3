package dev.escala.monitoring;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Prometheus as a process, on a loopback port, with its data in a folder. */
public final class Prometheus implements AutoCloseable {
  private static final String READY = "Server is ready to receive web requests";

  private final ListeningProcess process;
  private final PrometheusApi api;

  private Prometheus(ListeningProcess process) {
    this.process = process;
    api = new PrometheusApi(process.url());
  }

  /**
   * Starts it and returns when it answers.
   *
   * @param directory for its data, configuration and log; must be there
   * @param port 0 takes a free one
   * @throws IOException with the end of its log if it does not start
   */
  public static Prometheus start(PrometheusSettings settings, Path directory, int port)
      throws IOException {
    Path program =
        Tool.PROMETHEUS.path().orElseThrow(() -> new IOException(Tool.PROMETHEUS.missing()));
    Path self = directory.resolve("self.json");
    Path configuration =
        Files.writeString(directory.resolve("prometheus.yml"), settings.yaml(self));
    ListeningProcess process =
        ListeningProcess.start(
            List.of(
                program.toString(),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--storage.tsdb.retention.time=2d",
                "--web.listen-address=127.0.0.1:" + port),
            directory.resolve("prometheus.log"),
            READY);
    Files.writeString(self, "[{\"targets\": [\"%s\"]}]".formatted(process.url().getAuthority()));
    return new Prometheus(process);
  }

  public URI url() {
    return process.url();
  }

  public PrometheusApi api() {
    return api;
  }

  /** All that it has printed. */
  public String log() {
    return process.log();
  }

  @Override
  public void close() {
    process.close();
  }
}
