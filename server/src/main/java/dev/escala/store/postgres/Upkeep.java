package dev.escala.store.postgres;

import dev.escala.observe.Observer;
import dev.escala.postgres.Connections;
import java.sql.Connection;
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
    Observer observer) {}
