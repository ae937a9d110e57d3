package dev.escala.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What rows must satisfy. */
public sealed interface Condition {

  /** Conditions of which all, or any, must hold. */
  record Group(boolean negated, boolean any, List<Condition> conditions) implements Condition {
    public Group {
      conditions = List.copyOf(conditions);
    }
  }

  /** A test of one field. */
  record Filter(Field field, boolean negated, Test test) implements Condition {}

  /** What is asked of a field. */
  sealed interface Test {}

  record Compare(Operator operator, String value) implements Test {}

  /** The value is an array literal. */
  record CompareEach(Operator operator, boolean all, String value) implements Test {}

  record In(List<String> values) implements Test {
    public In {
      values = List.copyOf(values);
    }
  }

  record Is(Constant constant) implements Test {}

  record IsDistinct(String value) implements Test {}

  record FullText(Parser parser, @Nullable String language, String value) implements Test {}

  /** What {@code is} compares with. */
  enum Constant {
    NULL("NULL"),
    NOT_NULL("NOT NULL"),
    TRUE("TRUE"),
    FALSE("FALSE"),
    UNKNOWN("UNKNOWN");

    private final String sql;

    Constant(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }
  }

  /** How the text of a full-text search becomes a {@code tsquery}. */
  enum Parser {
    FTS("to_tsquery"),
    PLFTS("plainto_tsquery"),
    PHFTS("phraseto_tsquery"),
    WFTS("websearch_to_tsquery");

    private final String function;

    Parser(String function) {
      this.function = function;
    }

    String function() {
      return function;
    }
  }
}
