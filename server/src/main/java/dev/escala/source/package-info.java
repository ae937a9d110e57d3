/**
 * The port through which messages arrive: a {@link dev.escala.source.Source} gives deliveries, a
 * delivery carries messages and the way to settle them.
 *
 * <p>A source rejects nothing: what it cannot read becomes a message that the decoder rejects.
 */
@NullMarked
package dev.escala.source;

import org.jspecify.annotations.NullMarked;
