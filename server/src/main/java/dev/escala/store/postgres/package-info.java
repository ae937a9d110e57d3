/**
 * Stores rows and dead letters in PostgreSQL, in one transaction; creates and widens tables.
 *
 * <p>The only home of JDBC, pgjdbc and Flyway. Reads SQLSTATE in one class, and isolates the rows
 * that the database refuses.
 */
@NullMarked
package dev.escala.store.postgres;

import org.jspecify.annotations.NullMarked;
