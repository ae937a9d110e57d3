package dev.escala.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How the values of a domain are shown and taken, by functions that casts of the domain name.
 *
 * @param toJson of a value, or null where it is shown like those of its base type
 * @param fromText of a text that is compared with a value, or null likewise
 */
public record Representation(@Nullable RelationName toJson, @Nullable RelationName fromText) {
  public static final Representation NONE = new Representation(null, null);
}
