/**
 * {@code GET /{database}?q=SELECT …}: read-only SQL of a caller within limits.
 *
 * <p>Rejects what the rules and the limits do not allow, and all of it where the login may do more
 * than read.
 */
@NullMarked
package dev.escala.serve.sql;

import org.jspecify.annotations.NullMarked;
