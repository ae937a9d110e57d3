package dev.escala.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What makes an answer of a media type that the server has no writer for, or in place of its own: a
 * function whose result is a domain that is called like the type, or an aggregate over rows.
 *
 * @param type the name of the domain; {@value #ANY} takes all
 * @param binary whether the domain is one of octets, and not of text
 * @param aggregate of rows; null where the result of the function is the answer
 * @param relation whose rows it takes; null where it takes any
 */
public record MediaHandler(
    String type,
    boolean binary,
    @Nullable RelationName aggregate,
    @Nullable RelationName relation) {
  /** The domain that stands for each media type. */
  public static final String ANY = "*/*";

  /** The value of {@code Content-Type}, where nothing else is said. */
  public String contentType() {
    return type.equals(ANY) ? "application/octet-stream" : type;
  }
}
