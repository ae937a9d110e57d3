/**
 * The vocabulary in which the code reports: an {@link dev.escala.observe.Observation} is a noun and
 * a past verb, emitted to an {@link dev.escala.observe.Observer}, at most one a batch.
 *
 * <p>Only the package {@code ops} turns observations into logs and metrics.
 */
@NullMarked
package dev.escala.observe;

import org.jspecify.annotations.NullMarked;
