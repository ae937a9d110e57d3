/**
 * The ports to where messages are kept: a {@link dev.escala.store.MessageWriter} takes messages, a
 * {@link dev.escala.store.TableWriter} stores their rows, a {@link dev.escala.store.TableShape}
 * knows and evolves the columns of a table.
 *
 * <p>An error of the environment is never blamed on a message: it is returned, see {@link
 * dev.escala.store.Written}.
 */
@NullMarked
package dev.escala.store;

import org.jspecify.annotations.NullMarked;
