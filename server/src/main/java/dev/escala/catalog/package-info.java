/**
 * What the read side knows of a database: relations, columns, keys.
 *
 * <p>Immutable values, loaded elsewhere; unknown names are answered with the nearest known one.
 */
@NullMarked
package dev.escala.catalog;

import org.jspecify.annotations.NullMarked;
