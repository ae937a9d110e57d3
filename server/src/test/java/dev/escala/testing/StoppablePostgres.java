package dev.escala.testing;

import dev.escala.config.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A durable PostgreSQL of one test, which may be stopped in each way that PostgreSQL knows, and
 * comes back with its data and its port.
 */
public final class StoppablePostgres implements AutoCloseable {
  /** Only a machine that cannot start it at all waits for it. */
  static final Duration START_LIMIT = Duration.ofMinutes(3);

  private final Path data;
  private final int port = FreePort.find();
  private @Nullable EmbeddedPostgres running;

  /** How the postmaster is told to stop. */
  public enum Stop {
    /** Rolls back what runs, and breaks every connection. */
    FAST("INT"),
    /** Leaves without a word; the next start recovers as after a crash. */
    IMMEDIATE("QUIT"),
    /** The crash itself. */
    KILL("KILL");

    private final String signal;

    Stop(String signal) {
      this.signal = signal;
    }
  }

  /** Starts with its data in this directory. */
  public StoppablePostgres(Path data) {
    this.data = data;
    start();
  }

  /**
   * A replica with its data there, which follows this one; both run afterwards, and this one stands
   * still while its data is copied.
   */
  public StoppablePostgres replica(Path directory) {
    stop();
    try {
      copy(directory);
      Files.createFile(directory.resolve("standby.signal"));
      Files.writeString(
          directory.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres password=postgres'\n"
              .formatted(port),
          StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    start();
    return new StoppablePostgres(directory);
  }

  /** Changes a setting, and returns when new connections have it. */
  public void set(String setting, String value) {
    String loaded = "SELECT pg_conf_load_time()";
    List<String> before = database().rows(loaded);
    database().execute("ALTER SYSTEM SET %s = '%s'".formatted(setting, value));
    database().execute("SELECT pg_reload_conf()");
    Eventually.eventually("the setting is read", () -> !database().rows(loaded).equals(before));
  }

  private void copy(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, directory.resolve(data.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  public PostgresServer.Database database() {
    return new PostgresServer.Database(
        new DatabaseUrl("localhost", port, "postgres", "postgres", "postgres", Map.of()));
  }

  /** Does nothing where it runs. */
  public void start() {
    if (running != null) {
      return;
    }
    try {
      running =
          EmbeddedPostgres.builder()
              .setPGStartupWait(START_LIMIT)
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setPort(port)
              .setServerConfig("timezone", "UTC")
              // What is committed must survive a crash; zonky's defaults are off.
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setOutputRedirector(Redirect.DISCARD)
              .setErrorRedirector(Redirect.DISCARD)
              .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** At once, breaking every connection; does nothing where it does not run. */
  public void stop() {
    stop(Stop.FAST);
  }

  /** Stops, and returns when no process of it is left. */
  public void stop(Stop how) {
    if (running == null) {
      return;
    }
    try (EmbeddedPostgres stopped = running) {
      running = null;
      ProcessHandle postmaster = postmaster();
      List<ProcessHandle> processes = processes(postmaster);
      signal(how.signal, List.of(postmaster));
      Eventually.eventually(
          stopped.getPort() + " stops", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Says nothing any more, and breaks no connection, as a machine that is cut off. */
  public void suspend() {
    signal("STOP", processes(postmaster()));
  }

  /** Goes on after it was suspended. */
  public void resume() {
    signal("CONT", processes(postmaster()));
  }

  private static List<ProcessHandle> processes(ProcessHandle postmaster) {
    List<ProcessHandle> processes = new ArrayList<>(postmaster.descendants().toList());
    processes.add(postmaster);
    return processes;
  }

  private static void signal(String signal, List<ProcessHandle> processes) {
    List<String> command = new ArrayList<>(List.of("kill", "-s", signal));
    processes.forEach(process -> command.add(Long.toString(process.pid())));
    try {
      var _ = Ended.run(new ProcessBuilder(command)).orFail();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** The process that was started ended long ago: pg_ctl, which leaves the postmaster behind. */
  private ProcessHandle postmaster() {
    try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
      return ProcessHandle.of(Long.parseLong(lines.findFirst().orElseThrow().strip()))
          .orElseThrow();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
