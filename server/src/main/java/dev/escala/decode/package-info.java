/**
 * Turns the bytes of a message into a row, or into a rejection with its reason.
 *
 * <p>No I/O, and no exception on bad input. Numbers never pass through a double. Knows the column
 * types, the coercion rules and how a column's type is inferred.
 */
@NullMarked
package dev.escala.decode;

import org.jspecify.annotations.NullMarked;
