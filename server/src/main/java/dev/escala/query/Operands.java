package dev.escala.query;

import dev.escala.catalog.RelationName;
import org.jspecify.annotations.Nullable;

/** What conditions compare: the fields of a relation, or aggregates of them. */
interface Operands {
  /** The SQL of it, in parentheses where an operator follows. */
  String of(Field field) throws QueryRefused;

  /** The type to which a value is cast that is compared with it. */
  String typeOf(Field field) throws QueryRefused;

  /** The function of its domain that makes such a value of a text; null without one. */
  @Nullable RelationName fromText(Field field) throws QueryRefused;
}
