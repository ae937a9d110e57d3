/** A real browser, driven over its DevTools protocol: the tests of the console. */
@NullMarked
package dev.escala.browser;

import org.jspecify.annotations.NullMarked;
