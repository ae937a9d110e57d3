package dev.escala.monitoring;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** An Alertmanager as a process, on a free loopback port, without a cluster. */
public final class Alertmanager implements AutoCloseable {
  private static final String READY = "Listening on";

  private final ListeningProcess process;

  private Alertmanager(ListeningProcess process) {
    this.process = process;
  }

  /**
   * Starts it and returns when it answers.
   *
   * @param configuration its file
   * @param directory for its data and log; must be there
   * @throws IOException with the end of its log if it does not start
   */
  public static Alertmanager start(Path configuration, Path directory) throws IOException {
    Path program =
        Tool.ALERTMANAGER.path().orElseThrow(() -> new IOException(Tool.ALERTMANAGER.missing()));
    return new Alertmanager(
        ListeningProcess.start(
            List.of(
                program.toString(),
                "--config.file=" + configuration,
                "--storage.path=" + directory.resolve("alertmanager"),
                "--cluster.listen-address=",
                "--web.listen-address=127.0.0.1:0"),
            directory.resolve("alertmanager.log"),
            READY));
  }

  public URI url() {
    return process.url();
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
