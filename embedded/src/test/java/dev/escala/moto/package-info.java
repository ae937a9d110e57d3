/** An AWS of tests, and whether the programs are there that tests of it need. */
@NullMarked
package dev.escala.moto;

import org.jspecify.annotations.NullMarked;
