package dev.escala.proofs;

import dev.escala.testing.StoppablePostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** A PostgreSQL that a test stops and starts, and what is in its tables then. */
final class ProofDatabase implements AutoCloseable {
  private static final String UNDEFINED_TABLE = "42P01";

  private final StoppablePostgres postgres;

  /** Starts with data in this directory, on a free port. */
  ProofDatabase(Path data) {
    postgres = new StoppablePostgres(data);
  }

  int port() {
    return postgres.database().url().port();
  }

  String url() {
    return url(port());
  }

  /** Through something that stands before it on this port. */
  String url(int before) {
    return "postgresql://postgres:postgres@localhost:%d/postgres".formatted(before);
  }

  /** Stops, and returns when no process of it is left. */
  void stop(StoppablePostgres.Stop how) {
    postgres.stop(how);
  }

  /** Does nothing where it runs. */
  void start() {
    postgres.start();
  }

  void execute(String sql) {
    postgres.database().execute(sql);
  }

  /** The only column of each row; 0 where there is no such table yet. */
  List<Long> numbers(String sql) {
    try {
      return postgres.database().rows(sql).stream().map(Long::valueOf).toList();
    } catch (IllegalStateException failure) {
      if (failure.getCause() instanceof SQLException cause
          && UNDEFINED_TABLE.equals(cause.getSQLState())) {
        return List.of(0L);
      }
      throw failure;
    }
  }

  long number(String sql) {
    return numbers(sql).getFirst();
  }

  @Override
  public void close() {
    postgres.close();
  }
}
