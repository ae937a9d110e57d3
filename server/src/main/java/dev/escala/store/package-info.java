/**
 * The ports to where rows are kept: a {@link dev.escala.store.TableWriter} stores batches, a {@link
 * dev.escala.store.TableShape} knows and evolves the columns of a table.
 *
 * <p>An error of the environment is never blamed on a message: see {@link
 * dev.escala.store.StoreException}.
 */
@NullMarked
package dev.escala.store;

import org.jspecify.annotations.NullMarked;
