package dev.escala.query;

import dev.escala.catalog.Relation;
import dev.escala.catalog.RelationColumn;
import dev.escala.model.Suggestion;
import java.util.List;

/** Writes fields and conditions on a relation. */
final class ConditionSql {
  private final Relation relation;
  private final SqlText sql;

  ConditionSql(Relation relation, SqlText sql) {
    this.relation = relation;
    this.sql = sql;
  }

  void where(List<Condition> conditions) throws QueryRefused {
    if (!conditions.isEmpty()) {
      sql.add(" WHERE ");
      joined(conditions, " AND ");
    }
  }

  private void joined(List<Condition> conditions, String conjunction) throws QueryRefused {
    String before = "";
    for (Condition condition : conditions) {
      sql.add(before);
      condition(condition);
      before = conjunction;
    }
  }

  private void condition(Condition condition) throws QueryRefused {
    switch (condition) {
      case Condition.Group group -> {
        sql.add(group.negated() ? "NOT (" : "(");
        joined(group.conditions(), group.any() ? " OR " : " AND ");
        sql.add(")");
      }
      case Condition.Filter filter -> {
        sql.add(filter.negated() ? "NOT (" : "");
        test(filter);
        sql.add(filter.negated() ? ")" : "");
      }
    }
  }

  private void test(Condition.Filter filter) throws QueryRefused {
    Field field = filter.field();
    String type = typeOf(field);
    switch (filter.test()) {
      case Condition.Compare compare -> {
        Operator operator = compare.operator();
        field(field).add(" ").add(operator.sql()).add(" ");
        sql.value(pattern(operator, compare.value()), operator.isPattern() ? "text" : type);
      }
      case Condition.CompareEach each -> {
        Operator operator = each.operator();
        field(field).add(" ").add(operator.sql()).add(each.all() ? " ALL (" : " ANY (");
        sql.value(pattern(operator, each.value()), operator.isPattern() ? "text[]" : type + "[]");
        sql.add(")");
      }
      case Condition.In in ->
          field(field).add(" = ANY (").value(arrayOf(in.values()), type + "[]").add(")");
      case Condition.Is is -> field(field).add(" IS ").add(is.constant().sql());
      case Condition.IsDistinct distinct ->
          field(field).add(" IS DISTINCT FROM ").value(distinct.value(), type);
      case Condition.FullText search -> fullText(field, type, search);
    }
  }

  private void fullText(Field field, String type, Condition.FullText search) throws QueryRefused {
    boolean isVector = type.equals("tsvector");
    sql.add(isVector ? "" : "to_tsvector(");
    if (!isVector) {
      language(search);
    }
    field(field).add(isVector ? "" : ")").add(" @@ ").add(search.parser().function()).add("(");
    language(search);
    sql.value(search.value(), "text").add(")");
  }

  private void language(Condition.FullText search) {
    if (search.language() != null) {
      sql.value(search.language(), "regconfig").add(", ");
    }
  }

  private static String pattern(Operator operator, String value) {
    return operator.isLike() ? value.replace('*', '%') : value;
  }

  /** An array literal of which each element is quoted, so that none is taken for null. */
  private static String arrayOf(List<String> values) {
    StringBuilder array = new StringBuilder("{");
    for (String value : values) {
      array.append(array.length() == 1 ? "\"" : ",\"");
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c == '"' || c == '\\') {
          array.append('\\');
        }
        array.append(c);
      }
      array.append('"');
    }
    return array.append('}').toString();
  }

  /** The type to which a value is cast that is compared with the field. */
  private String typeOf(Field field) throws QueryRefused {
    RelationColumn column = column(field.column());
    if (field.path().isEmpty()) {
      return column.castType();
    }
    if (field.path().getLast().asText()) {
      return "text";
    }
    return column.isJson() ? column.castType() : "jsonb";
  }

  /** The column, or the place in its JSON, in parentheses where an operator follows. */
  SqlText field(Field field) throws QueryRefused {
    RelationColumn column = column(field.column());
    if (field.path().isEmpty()) {
      return name(column);
    }
    sql.add("(");
    if (column.isJson()) {
      name(column);
    } else {
      sql.add("to_jsonb(");
      name(column).add(")");
    }
    for (Field.Step step : field.path()) {
      sql.add(step.asText() ? "->>" : "->");
      if (step.isIndex()) {
        sql.add(step.operand());
      } else {
        sql.literal(step.operand());
      }
    }
    return sql.add(")");
  }

  /** Qualified: alone, ORDER BY takes it for the column of the result, which may be its text. */
  private SqlText name(RelationColumn column) {
    return sql.add(ReadPlanner.ALIAS).add(".").name(column.name());
  }

  RelationColumn column(String name) throws QueryRefused {
    RelationColumn column = relation.columns().get(name);
    if (column == null) {
      throw QueryRefused.unknownColumn(relation.name(), name, hint(name));
    }
    return column;
  }

  private String hint(String name) {
    return Suggestion.nearest(name, relation.columns().keySet())
        .map("Perhaps you meant the column '%s'."::formatted)
        .orElse("The columns are: %s.".formatted(String.join(", ", relation.columns().keySet())));
  }
}
