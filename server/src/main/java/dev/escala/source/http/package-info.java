/**
 * {@code POST /topics/{topic}}: messages published over HTTP, and {@code …/sns} pushed by SNS,
 * answered after commit.
 *
 * <p>Rejects bodies that are too large, in an unknown encoding or of an unknown media type, and
 * answers 503 when there is no room.
 */
@NullMarked
package dev.escala.source.http;

import org.jspecify.annotations.NullMarked;
