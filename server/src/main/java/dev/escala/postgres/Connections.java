package dev.escala.postgres;

import java.sql.SQLException;

/** Connections for one purpose to a database whose schema {@code escala} is up to date. */
public final class Connections {
  private final Migrations migrations;
  private final ConnectionPool pool;

  Connections(Migrations migrations, ConnectionPool pool) {
    this.migrations = migrations;
    this.pool = pool;
  }

  /** Waits for a free connection; the first use of all migrates the database. */
  public <T> T lend(ConnectionWork<T> work) throws SQLException {
    migrations.ensure();
    return pool.lend(work);
  }
}
