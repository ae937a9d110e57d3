package dev.escala.ingest.faults;

import dev.escala.config.DatabaseUrl;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.SmallFileSystem;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The disk under the tables of one schedule: a small file system that is filled. Where none can be
 * mounted, a trigger says what PostgreSQL says then.
 */
final class Disk implements AutoCloseable {
  private static final int MEBIBYTES = 8;

  private final Database server;
  private final Database database;
  private final String name;
  private final @Nullable SmallFileSystem files;
  private boolean full;

  /** With a database of this name on it, on the server. */
  Disk(Path directory, Database server, String name) {
    this.server = server;
    this.name = name;
    server.execute("CREATE DATABASE " + name);
    DatabaseUrl url = server.url();
    this.database =
        new Database(
            new DatabaseUrl(url.host(), url.port(), name, url.user(), url.password(), Map.of()));
    this.files = SmallFileSystem.mount(directory, MEBIBYTES).orElse(null);
    if (files != null) {
      server.execute("CREATE TABLESPACE %s LOCATION '%s'".formatted(name, files.directory()));
      server.execute("ALTER DATABASE %s SET default_tablespace = %1$s".formatted(name));
    }
  }

  Database database() {
    return database;
  }

  /** Whether it can be full in earnest. */
  boolean isReal() {
    return files != null;
  }

  boolean isFull() {
    return full;
  }

  void fill() {
    full = true;
    if (files != null) {
      files.fill();
      return;
    }
    database.execute(
        """
        CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$;
        CREATE OR REPLACE TRIGGER disk_full BEFORE INSERT ON flights EXECUTE FUNCTION disk_full()\
        """);
  }

  void free() {
    full = false;
    if (files != null) {
      files.free();
    } else {
      database.execute("DROP TRIGGER IF EXISTS disk_full ON flights");
    }
  }

  /** With the database on it. */
  @Override
  public void close() {
    server.execute("DROP DATABASE %s WITH (FORCE)".formatted(name));
    if (files != null) {
      server.execute("DROP TABLESPACE " + name);
      files.close();
    }
  }
}
