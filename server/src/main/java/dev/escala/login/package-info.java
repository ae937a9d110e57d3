/**
 * Who the server says it is to a database: with the password of its URL, or with a token that AWS
 * signs. Rejects nothing; what does not work is told by the database.
 */
@NullMarked
package dev.escala.login;

import org.jspecify.annotations.NullMarked;
