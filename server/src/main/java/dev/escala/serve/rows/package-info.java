/**
 * The rows of an answer: media types, and rows of PostgreSQL as octets of JSON, NDJSON or CSV.
 *
 * <p>Touches no connection. Rejects a column that is of another type than the catalog knows.
 */
@NullMarked
package dev.escala.serve.rows;

import org.jspecify.annotations.NullMarked;
