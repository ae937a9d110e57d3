package dev.escala.query;

import dev.escala.catalog.ComputedColumn;
import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.catalog.RelationName;
import dev.escala.model.SqlIdentifier;
import dev.escala.model.Suggestion;
import org.jspecify.annotations.Nullable;

/** Writes fields of one relation, which stands in the SQL under an alias. */
record FieldSql(Relation relation, String alias) implements Operands {

  /** The column, or the place in its JSON. */
  @Override
  public String of(Field field) throws QueryRefused {
    RelationColumn column = column(field.column());
    if (field.path().isEmpty()) {
      return name(column);
    }
    StringBuilder sql = new StringBuilder("(");
    sql.append(column.isJson() ? name(column) : "to_jsonb(" + name(column) + ")");
    for (Field.Step step : field.path()) {
      sql.append(step.asText() ? "->>" : "->");
      sql.append(step.isIndex() ? step.operand() : literal(step.operand()));
    }
    return sql.append(')').toString();
  }

  /** A key of a JSON value: a literal, so that indexes on the expression match. */
  private static String literal(String key) {
    return '\'' + key.replace("'", "''") + '\'';
  }

  /** Qualified: alone, ORDER BY takes it for the column of the result, which may be its text. */
  private String name(RelationColumn column) {
    ComputedColumn computed = relation.computed().get(column.name());
    return computed == null || relation.columns().containsKey(column.name())
        ? alias + "." + SqlIdentifier.quote(column.name())
        : SqlText.name(computed.function()) + "(" + alias + ")";
  }

  @Override
  public String typeOf(Field field) throws QueryRefused {
    RelationColumn column = column(field.column());
    if (field.path().isEmpty()) {
      return column.castType();
    }
    if (field.path().getLast().asText()) {
      return "text";
    }
    return column.isJson() ? column.castType() : "jsonb";
  }

  @Override
  public @Nullable RelationName fromText(Field field) throws QueryRefused {
    return field.path().isEmpty() ? column(field.column()).representation().fromText() : null;
  }

  RelationColumn column(String name) throws QueryRefused {
    RelationColumn column = relation.columns().get(name);
    if (column != null) {
      return column;
    }
    ComputedColumn computed = relation.computed().get(name);
    if (computed == null) {
      throw QueryRefused.unknownColumn(relation.name(), name, hint(name));
    }
    return computed.column();
  }

  private String hint(String name) {
    return Suggestion.nearest(name, relation.columns().keySet())
        .map("Perhaps you meant the column '%s'."::formatted)
        .orElse("The columns are: %s.".formatted(String.join(", ", relation.columns().keySet())));
  }
}
