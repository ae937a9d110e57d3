/**
 * The words that all rooms share: a message, where it came from, the one outcome it ends in.
 *
 * <p>Plain values without behaviour beyond checking themselves; every other package may use them.
 */
@NullMarked
package dev.escala.model;

import org.jspecify.annotations.NullMarked;
