/**
 * Reads escala.yaml: typed values, ${ENV} substitution, every error at once.
 *
 * <p>The only home of YAML. A configuration record stands beside the component that it configures
 * and reads itself from a {@link dev.escala.config.Section}; this package knows none of them. It
 * rejects unknown keys, with the nearest known one, and values that do not fit their type.
 */
@NullMarked
package dev.escala.config;

import org.jspecify.annotations.NullMarked;
