/**
 * The JSON Schema that messages of a topic have to fit: reads it once, when the server starts, and
 * says of a message where it does not fit and which rule.
 *
 * <p>Nothing is fetched, and no message takes more than a bounded number of steps. The only home of
 * the validator, and of trees of JSON on the way of a message.
 */
@NullMarked
package dev.escala.decode.schema;

import org.jspecify.annotations.NullMarked;
