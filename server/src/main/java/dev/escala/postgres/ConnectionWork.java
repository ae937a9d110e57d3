package dev.escala.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Work with a connection that is lent, in autocommit mode, and given back in any case. */
@FunctionalInterface
public interface ConnectionWork<T> {
  T with(Connection connection) throws SQLException;
}
