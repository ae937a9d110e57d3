/**
 * Turns observations into logs and metrics, and answers the admin port and {@code /health}.
 *
 * <p>The only home of SLF4J and of the metrics library.
 */
@NullMarked
package dev.escala.ops;

import org.jspecify.annotations.NullMarked;
