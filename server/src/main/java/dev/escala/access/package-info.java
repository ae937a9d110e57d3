/**
 * The lock on the door: who asks, by a token, a key or nothing, and what they may do.
 *
 * <p>Rejects tokens and keys that are not good, keys that ask too often, and who shows nothing
 * where nobody is let in for that. What is allowed to a role within the database is the database's
 * business. The only home of JOSE.
 */
@NullMarked
package dev.escala.access;

import org.jspecify.annotations.NullMarked;
