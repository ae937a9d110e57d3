package dev.escala.proofs;

import static dev.escala.proofs.Eventually.eventually;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A durable PostgreSQL, which may be stopped in each way that PostgreSQL knows, and comes back with
 * its data and its port.
 */
final class ProofDatabase implements AutoCloseable {
  private static final String UNDEFINED_TABLE = "42P01";

  private final Path data;
  private final int port;
  private EmbeddedPostgres running;

  /** How the postmaster is told to stop. */
  enum Stop {
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

  /** Starts with data in this directory, on a free port. */
  ProofDatabase(Path data) {
    this.data = data;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    running = run();
  }

  private EmbeddedPostgres run() {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(data)
          .setCleanDataDirectory(false)
          .setPort(port)
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

  int port() {
    return port;
  }

  String url() {
    return url(port);
  }

  /** Through something that stands before it on this port. */
  String url(int before) {
    return "postgresql://postgres:postgres@localhost:%d/postgres".formatted(before);
  }

  /** Stops, and returns when no process of it is left. */
  void stop(Stop how) throws IOException, InterruptedException {
    ProcessHandle postmaster = running.getProcess().toHandle();
    List<ProcessHandle> processes = new ArrayList<>(postmaster.descendants().toList());
    processes.add(postmaster);
    var _ =
        new ProcessBuilder("kill", "-s", how.signal, Long.toString(postmaster.pid()))
            .inheritIO()
            .start()
            .waitFor();
    eventually("it stops", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    running.close();
  }

  void start() {
    running = run();
  }

  /** For the next test, whatever this one has done. */
  void startIfStopped() {
    try {
      execute("SELECT");
    } catch (IllegalStateException stopped) {
      start();
    }
  }

  void execute(String sql) {
    try (Connection connection = running.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(sql, failure);
    }
  }

  /** The only column of each row; 0 where there is no such table yet. */
  List<Long> numbers(String sql) {
    try (Connection connection = running.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      List<Long> numbers = new ArrayList<>();
      while (answer.next()) {
        numbers.add(answer.getLong(1));
      }
      return numbers;
    } catch (SQLException failure) {
      if (UNDEFINED_TABLE.equals(failure.getSQLState())) {
        return List.of(0L);
      }
      throw new IllegalStateException(sql, failure);
    }
  }

  long number(String sql) {
    return numbers(sql).getFirst();
  }

  @Override
  public void close() {
    try {
      running.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
