/**
 * The command {@code escala slo}: writes what is made of the SLO files, or tells how it differs.
 *
 * <p>Rejects options that cannot be right, and passes on what the SLO files are refused for.
 */
@NullMarked
package dev.escala.slo.command;

import org.jspecify.annotations.NullMarked;
