package dev.escala.query;

import dev.escala.catalog.RelationName;
import java.util.List;
import java.util.Optional;

/** Writes conditions on what is read, and on whether it has what is embedded in it. */
final class ConditionSql {
  private final Operands fields;
  private final Presence presence;
  private final SqlText sql;

  /** Says of the name of an embed how to ask whether it is there. */
  @FunctionalInterface
  interface Presence {
    Optional<String> of(String name);
  }

  ConditionSql(Operands fields, Presence presence, SqlText sql) {
    this.fields = fields;
    this.presence = presence;
    this.sql = sql;
  }

  void joined(List<Condition> conditions, String conjunction) throws QueryRefused {
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
        Optional<String> present = isNullTest(filter) ? present(filter.field()) : Optional.empty();
        if (present.isPresent()) {
          sql.add(wantsNull(filter) ? "NOT " : "").add(present.get());
        } else {
          test(filter);
        }
        sql.add(filter.negated() ? ")" : "");
      }
    }
  }

  private Optional<String> present(Field field) {
    return field.path().isEmpty() ? presence.of(field.column()) : Optional.empty();
  }

  /** Whether it asks no more than whether there is a value. */
  static boolean isNullTest(Condition.Filter filter) {
    return filter.test() instanceof Condition.Is is
        && (is.constant() == Condition.Constant.NULL
            || is.constant() == Condition.Constant.NOT_NULL);
  }

  private static boolean wantsNull(Condition.Filter filter) {
    return filter.test() instanceof Condition.Is is && is.constant() == Condition.Constant.NULL;
  }

  private SqlText field(Field field) throws QueryRefused {
    return sql.add(fields.of(field));
  }

  private void test(Condition.Filter filter) throws QueryRefused {
    Field field = filter.field();
    String type = fields.typeOf(field);
    switch (filter.test()) {
      case Condition.Compare compare -> {
        Operator operator = compare.operator();
        field(field).add(" ").add(operator.sql()).add(" ");
        if (operator.isPattern()) {
          sql.value(pattern(operator, compare.value()), "text");
        } else {
          value(field, compare.value(), type);
        }
      }
      case Condition.CompareEach each -> {
        Operator operator = each.operator();
        field(field).add(" ").add(operator.sql()).add(each.all() ? " ALL (" : " ANY (");
        sql.value(pattern(operator, each.value()), operator.isPattern() ? "text[]" : type + "[]");
        sql.add(")");
      }
      case Condition.In in -> in(field, type, in);
      case Condition.Is is -> field(field).add(" IS ").add(is.constant().sql());
      case Condition.IsDistinct distinct -> {
        field(field).add(" IS DISTINCT FROM ");
        value(field, distinct.value(), type);
      }
      case Condition.FullText search -> fullText(field, type, search);
    }
  }

  /** A value that is compared with a field, as the domain of the field takes it. */
  private void value(Field field, String value, String type) throws QueryRefused {
    RelationName fromText = fields.fromText(field);
    if (fromText == null) {
      sql.value(value, type);
    } else {
      sql.add(fromText).add("(").value(value, "text").add(")");
    }
  }

  private void in(Field field, String type, Condition.In in) throws QueryRefused {
    RelationName fromText = fields.fromText(field);
    field(field).add(" = ANY (");
    if (fromText == null) {
      sql.value(arrayOf(in.values()), type + "[]").add(")");
    } else {
      sql.add("SELECT ").add(fromText).add("(pg_catalog.unnest(");
      sql.value(arrayOf(in.values()), "text[]").add(")))");
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
  static String arrayOf(List<String> values) {
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
}
