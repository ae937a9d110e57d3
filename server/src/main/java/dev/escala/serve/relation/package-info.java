/**
 * {@code GET /{database}/{relation}}: parse, find the relation, plan, read whole or as a stream.
 *
 * <p>Rejects media types, preferences and ranges that cannot be answered, and unknown relations.
 */
@NullMarked
package dev.escala.serve.relation;

import org.jspecify.annotations.NullMarked;
