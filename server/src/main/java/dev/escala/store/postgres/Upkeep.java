package dev.escala.store.postgres;

import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * With what a table is kept up.
 *
 * @param connection for what takes long
 * @param changes those over which tables are changed, in a moment
 * @param lockTimeout how long such a change waits for its lock: others wait behind it
 * @param running the statement that takes long
 */
record Upkeep(
    Connection connection,
    Connections changes,
    Duration lockTimeout,
    LongStatement running,
    Observer observer) {

  /** Something that is done in a transaction. */
  interface Change {
    void with(Connection connection) throws SQLException;
  }

  /**
   * Changes the table in a transaction of its own. What is not committed is rolled back with the
   * connection that is given back.
   */
  void change(Change change) throws SQLException {
    var _ =
        changes.lend(
            changing -> {
              changing.setAutoCommit(false);
              Sql.execute(changing, "SET LOCAL lock_timeout = " + lockTimeout.toMillis());
              change.with(changing);
              changing.commit();
              return true;
            });
  }
}
