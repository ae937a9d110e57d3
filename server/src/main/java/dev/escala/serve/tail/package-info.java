/**
 * {@code GET /{database}/{relation}} with {@code Accept: text/event-stream}: the rows that a topic
 * stores, as they are stored, each once.
 *
 * <p>Rejects relations whose rows are not noted, positions that are none or too old, and what has
 * no meaning for rows that come one by one. The rows are read through the handler of relations, as
 * who listens.
 */
@NullMarked
package dev.escala.serve.tail;

import org.jspecify.annotations.NullMarked;
