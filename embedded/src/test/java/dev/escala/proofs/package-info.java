/**
 * Proofs of the promise "nothing lost, nothing twice" on the server as a process of its own, which
 * is killed, stopped, doubled and deprived of its database.
 */
@NullMarked
package dev.escala.proofs;

import org.jspecify.annotations.NullMarked;
