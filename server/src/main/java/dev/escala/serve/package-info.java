/**
 * Runs queries and writes their rows as JSON, NDJSON or CSV.
 *
 * <p>The only home of vertx-pg-client. Rejects what the database rejects, translated by SQLSTATE.
 */
@NullMarked
package dev.escala.serve;

import org.jspecify.annotations.NullMarked;
