/**
 * Measures Escala against the peers that do the same work with less: pgbench and psql on the same
 * statements and rows, and a loop that only receives and deletes.
 *
 * <p>Every number is a median of rounds that alternate with those of the peer, since the machine is
 * shared and noisy: only ratios of one run mean anything.
 */
@NullMarked
package dev.escala.bench;

import org.jspecify.annotations.NullMarked;
