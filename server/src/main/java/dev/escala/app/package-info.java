/** The composition root and the command line. Nobody imports it. */
@NullMarked
package dev.escala.app;

import org.jspecify.annotations.NullMarked;
