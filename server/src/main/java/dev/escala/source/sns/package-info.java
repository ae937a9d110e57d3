/**
 * Opens the envelope in which SNS wraps what was published, and verifies what SNS pushes.
 *
 * <p>Rejects an envelope that claims to be one and is not complete, and refuses what claims to be
 * pushed by SNS and is not signed by it, late, or of another topic.
 */
@NullMarked
package dev.escala.source.sns;

import org.jspecify.annotations.NullMarked;
