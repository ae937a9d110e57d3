package dev.escala.catalog;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A function that may be called over HTTP, or a published query, which is called like one.
 *
 * @param parameters that take a value, in order
 * @param set whether it gives many rows or values, or one
 * @param readsOnly whether it is declared not to write (STABLE or IMMUTABLE)
 * @param text of a published query; null of a function
 */
public record Routine(
    RelationName name,
    List<Parameter> parameters,
    Result result,
    boolean set,
    boolean readsOnly,
    @Nullable String comment,
    @Nullable QueryText text) {

  public Routine {
    parameters = List.copyOf(parameters);
  }

  /** A function of the database. */
  public Routine(
      RelationName name,
      List<Parameter> parameters,
      Result result,
      boolean set,
      boolean readsOnly,
      @Nullable String comment) {
    this(name, parameters, result, set, readsOnly, comment, null);
  }

  /**
   * One parameter.
   *
   * @param name empty where it has none
   * @param type to which a text is cast; of a variadic one the type of the array
   * @param fallback the text of its value where none is given, if the database does not know it
   * @param comment what is written down of it
   */
  public record Parameter(
      String name,
      String type,
      boolean optional,
      boolean variadic,
      @Nullable String fallback,
      @Nullable String comment) {
    /** One of a function of the database, which knows its default. */
    public Parameter(String name, String type, boolean optional, boolean variadic) {
      this(name, type, optional, variadic, null, null);
    }

    /** The same of another type. */
    public Parameter of(String other) {
      return new Parameter(name, other, optional, variadic, fallback, comment);
    }
  }

  /** What it gives. */
  public sealed interface Result {}

  /** Nothing. */
  public record Nothing() implements Result {}

  /**
   * A value, or one of an untyped record.
   *
   * @param media what it is as an answer, where its type is called like a media type
   */
  public record Value(OutputKind kind, String type, @Nullable MediaHandler media)
      implements Result {}

  /** Rows with columns of their own, or those of a relation, which it is then. */
  public record Rows(Relation relation) implements Result {}

  /** The only parameter, where it has no name and so takes the whole body of a request. */
  public Optional<Parameter> unnamed() {
    return parameters.size() == 1 && parameters.getFirst().name().isEmpty()
        ? Optional.of(parameters.getFirst())
        : Optional.empty();
  }
}
