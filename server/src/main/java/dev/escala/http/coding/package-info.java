/**
 * How octets are packed for the way over HTTP: gzip and zstd, and what a client takes of them.
 * Packs answers piece by piece, and looks into the frames of what was sent. Rejects what is not
 * well formed.
 */
@NullMarked
package dev.escala.http.coding;

import org.jspecify.annotations.NullMarked;
