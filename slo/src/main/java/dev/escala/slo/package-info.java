/**
 * Reads the SLO files (OpenSLO v1) and makes of them what watches the product: Prometheus rules and
 * alerts, the Alertmanager's routing. Pure: reads files, returns texts.
 *
 * <p>Rejects what it does not understand of a file, and a promise that its dependencies cannot
 * carry; every error at once.
 */
@NullMarked
package dev.escala.slo;

import org.jspecify.annotations.NullMarked;
