/** The console in a real browser, on the data of the demo. */
@NullMarked
package dev.escala.console;

import org.jspecify.annotations.NullMarked;
