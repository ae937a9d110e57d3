/**
 * A database as the read side has it: connections and who waits for one, transactions, the catalog
 * kept fresh, health, and what its errors mean to clients.
 *
 * <p>The only home of connections of vertx-pg-client. Rejects what the database rejects, by
 * SQLSTATE, and who finds no connection free.
 */
@NullMarked
package dev.escala.serve.database;

import org.jspecify.annotations.NullMarked;
