/**
 * The canary: publishes signed markers on the real way of each topic, finds them by SQL, reads them
 * through the public API and compares.
 *
 * <p>Decides what is late, lost, doubled or changed; reports it, and rejects nothing.
 */
@NullMarked
package dev.escala.canary;

import org.jspecify.annotations.NullMarked;
