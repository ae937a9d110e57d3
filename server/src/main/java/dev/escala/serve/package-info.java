/**
 * The read side over HTTP: its routes, what there is to read, and its start and end.
 *
 * <p>Rejects databases that are not configured; all else is the business of the rooms below.
 */
@NullMarked
package dev.escala.serve;

import org.jspecify.annotations.NullMarked;
