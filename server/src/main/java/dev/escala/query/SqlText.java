package dev.escala.query;

import dev.escala.catalog.RelationName;
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

  SqlText add(RelationName name) {
    return add(name(name));
  }

  static String name(RelationName name) {
    return SqlIdentifier.quote(name.schema()) + "." + SqlIdentifier.quote(name.name());
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

  /** Binds a text, which may then stand at several places. */
  String bound(String value) {
    parameters.add(value);
    return "$" + parameters.size();
  }

  SqlStatement with(List<SqlStatement.OutputColumn> columns) {
    return new SqlStatement(text.toString(), parameters, columns);
  }
}
