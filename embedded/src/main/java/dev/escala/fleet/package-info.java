/**
 * Fifty systems in one process: simulated products that count with the product's own metrics, and a
 * real Prometheus that scrapes them and evaluates the generated rules.
 *
 * <p>For looking at dashboards, for drills and for measuring what a fleet costs. Rejects a fleet
 * file that names what is not there.
 */
@NullMarked
package dev.escala.fleet;

import org.jspecify.annotations.NullMarked;
