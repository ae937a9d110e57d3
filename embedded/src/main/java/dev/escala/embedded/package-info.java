/**
 * Everything in one process: PostgreSQL, SQS, sample data and the demo that sends one through the
 * other.
 *
 * <p>For laptops and tests; never in the image. Rejects nothing of its own: the server does.
 */
@NullMarked
package dev.escala.embedded;

import org.jspecify.annotations.NullMarked;
