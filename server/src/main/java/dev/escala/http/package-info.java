/**
 * Listener, routing, limits and the error shape: the plumbing under {@code source.http} and {@code
 * serve}.
 *
 * <p>Rejects requests without a route, methods that a route does not have, and bodies above the
 * limit.
 */
@NullMarked
package dev.escala.http;

import org.jspecify.annotations.NullMarked;
