package dev.escala.query;

import dev.escala.model.SqlIdentifier;
import java.util.ArrayList;
import java.util.List;

/** A statement while it is written: its text, and the values bound so far. */
final class SqlText {
  private final StringBuilder text = new StringBuilder(256);
  private final List<String> parameters = new ArrayList<>();

  SqlText add(String sql) {
    text.append(sql);
    return this;
  }

  SqlText name(String name) {
    text.append(SqlIdentifier.quote(name));
    return this;
  }

  /** A key of a JSON value: a literal, so that indexes on the expression match. */
  SqlText literal(String value) {
    text.append('\'').append(value.replace("'", "''")).append('\'');
    return this;
  }

  /** A value, bound as text and cast by PostgreSQL itself, whose input functions judge it. */
  SqlText value(String value, String type) {
    parameters.add(value);
    text.append('$').append(parameters.size()).append("::text");
    if (!type.equals("text")) {
      text.append("::").append(type);
    }
    return this;
  }

  SqlStatement with(List<SqlStatement.OutputColumn> columns) {
    return new SqlStatement(text.toString(), parameters, columns);
  }
}
