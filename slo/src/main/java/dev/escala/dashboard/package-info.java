/**
 * Builds the Grafana dashboards and their provisioning files: what is shown, of which expressions,
 * with which lines. Pure; a dashboard is data until {@code DashboardJson} writes it.
 *
 * <p>Rejects panels that do not fit the grid; the rest is held by the lint rules of the tests.
 */
@NullMarked
package dev.escala.dashboard;

import org.jspecify.annotations.NullMarked;
