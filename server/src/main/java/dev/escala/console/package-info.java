/**
 * The web console: one page for browsers at {@code GET /}, and its files under {@code /console/}.
 * It hands out files and nothing else: what the page shows it asks of the public API, with the
 * credentials of whoever looks at it, so that nothing is possible in it that the API would refuse.
 */
@NullMarked
package dev.escala.console;

import org.jspecify.annotations.NullMarked;
