/**
 * The databases that rows are written to: connections, logins, the migrations of the schema {@code
 * escala}, and what an SQLSTATE means.
 *
 * <p>Rejects nothing: a {@link dev.escala.store.StoreException} says that a database cannot be
 * written to now.
 */
@NullMarked
package dev.escala.postgres;

import org.jspecify.annotations.NullMarked;
