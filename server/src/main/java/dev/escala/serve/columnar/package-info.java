/**
 * Answers of columns: rows of PostgreSQL as typed values, gathered some at a time, and written as
 * Apache Arrow or Apache Parquet lays them out.
 *
 * <p>Touches no connection. Rejects a value that has no place in the type of its column.
 */
@NullMarked
package dev.escala.serve.columnar;

import org.jspecify.annotations.NullMarked;
