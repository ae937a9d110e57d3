package dev.escala.testing;

import dev.escala.config.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL of one test, which may be stopped and started again with its data and its port. */
public final class StoppablePostgres implements AutoCloseable {
  private final Path data;
  private final int port;
  private @Nullable EmbeddedPostgres running;

  public StoppablePostgres(Path data) {
    this.data = data;
    try (ServerSocket socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    start();
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
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setPort(port)
              .setServerConfig("timezone", "UTC")
              .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** At once, breaking every connection. */
  public void stop() {
    try {
      if (running != null) {
        running.close();
        running = null;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
