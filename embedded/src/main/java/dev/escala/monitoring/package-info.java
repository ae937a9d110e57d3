/**
 * Prometheus and Alertmanager as processes beside this one, where they are installed: for the fleet
 * on a laptop, and for tests that ask the real ones.
 *
 * <p>Rejects nothing of its own; what the programs refuse is told with their own words.
 */
@NullMarked
package dev.escala.monitoring;

import org.jspecify.annotations.NullMarked;
