/**
 * Opens the envelope in which SNS wraps what was published.
 *
 * <p>Rejects an envelope that claims to be one and is not complete.
 */
@NullMarked
package dev.escala.source.sns;

import org.jspecify.annotations.NullMarked;
