package dev.escala.query;

import dev.escala.catalog.SqlNames;
import dev.escala.query.SqlPhrase.Span;
import java.util.Set;

/** The types of casts, of literals and of column lists, against the list. */
final class TypeRules {
  private static final int MOST_LENGTH = 10_000;

  /** Words of the grammar before which a text stands that is no literal of a type. */
  private static final Set<String> BEFORE_TEXT =
      Set.of(
          "select",
          "distinct",
          "all",
          "any",
          "some",
          "where",
          "and",
          "or",
          "not",
          "on",
          "having",
          "by",
          "limit",
          "offset",
          "fetch",
          "case",
          "when",
          "then",
          "else",
          "in",
          "from",
          "for",
          "like",
          "ilike",
          "to",
          "between",
          "symmetric",
          "asymmetric",
          "escape",
          "uescape",
          "placing",
          "leading",
          "trailing",
          "both",
          "is",
          "using",
          "returning");

  private final SqlPhrase phrase;
  private final SqlNames names;

  TypeRules(SqlPhrase phrase, SqlNames names) {
    this.phrase = phrase;
    this.names = names;
  }

  void check(int index) throws SqlRefused {
    if (isPlace(index)) {
      checkType(index);
    }
    if (phrase.at(index + 1).kind() == SqlToken.Kind.STRING) {
      checkLiteral(index);
    }
    if (phrase.at(index).is("(") && isColumnList(index)) {
      checkColumns(index);
    }
  }

  /** Whether the type of a cast starts here. */
  boolean isPlace(int index) {
    SqlToken before = phrase.at(index - 1);
    return before.is("::") || (before.isWord("as") && phrase.isIn(index, "cast"));
  }

  /** Whether the name before a bracket is a type's, with its length in the brackets. */
  boolean isTypeWithLength(int name) {
    return isPlace(name) || (phrase.at(name - 1).is(".") && isPlace(name - 2));
  }

  /**
   * Whether the bracket opens what follows an alias in FROM, {@code AS t(a)} or {@code AS t(a
   * int)}, or in its place, {@code f() AS (a int)}.
   */
  boolean isColumnList(int open) {
    boolean named = phrase.at(open - 1).isName() && phrase.at(open - 2).isWord("as");
    boolean bare = phrase.at(open - 1).isWord("as") && phrase.at(open - 2).is(")");
    boolean materialized = phrase.at(open - 1).isWord("materialized") && startsQuery(open + 1);
    return (named && !isPlace(open - 1) && !materialized) || (bare && !startsQuery(open + 1));
  }

  boolean startsQuery(int index) {
    SqlToken first = phrase.at(index);
    return first.is("(")
        || first.isWord("select")
        || first.isWord("with")
        || first.isWord("table")
        || (first.isWord("values") && phrase.at(index + 1).is("("));
  }

  private void checkColumns(int open) throws SqlRefused {
    for (Span column : phrase.parts(open)) {
      if (column.size() > 1) {
        checkType(column.from() + 1);
      }
    }
  }

  /** {@code date '2026-01-01'}, {@code numeric(5,2) '1'}. */
  private void checkLiteral(int index) throws SqlRefused {
    SqlToken before = phrase.at(index);
    if (before.isName() && !isWordBeforeText(before)) {
      boolean qualified = phrase.at(index - 1).is(".");
      checkType(qualified ? index - 2 : index);
    } else if (before.is(")")) {
      checkLiteralWithLength(index);
    }
  }

  private void checkLiteralWithLength(int close) throws SqlRefused {
    int name = phrase.opening(close) - 1;
    if (phrase.at(name).isName()) {
      checkType(phrase.at(name - 1).is(".") ? name - 2 : name);
    }
  }

  private static boolean isWordBeforeText(SqlToken token) {
    return token.kind() == SqlToken.Kind.WORD
        && (BEFORE_TEXT.contains(token.name()) || AllowedTypes.endsOne(token.name()));
  }

  private void checkType(int index) throws SqlRefused {
    if (!phrase.at(index).isName()) {
      return; // no SQL, as PostgreSQL will say
    }
    boolean qualified = phrase.at(index + 1).is(".");
    int last = qualified ? index + 2 : index;
    String name = phrase.at(last).name();
    if (!isAllowed(qualified ? phrase.at(index).name() : "", name) || phrase.at(last + 1).is(".")) {
      throw SqlRefused.rule(
          "The type " + name + " is not allowed.",
          "Cast to a text, a number, a time, JSON, or a type of your own in an exposed schema;"
              + " docs/sql.md lists them.");
    }
    checkLength(last + 1);
  }

  private boolean isAllowed(String schema, String name) {
    boolean own = names.types().contains(name);
    return switch (schema) {
      case "" -> own || AllowedTypes.contains(name);
      case "pg_catalog" -> AllowedTypes.contains(name);
      default -> own && names.schemas().contains(schema);
    };
  }

  /** {@code char(10000000)} makes as many blanks. */
  private void checkLength(int open) throws SqlRefused {
    if (!phrase.at(open).is("(")) {
      return;
    }
    for (int i = open + 1; i < phrase.closing(open); i++) {
      String length = phrase.at(i).text();
      if (!length.equals(",") && !length.equals("-") && tooLong(length)) {
        throw SqlRefused.rule(
            "The length " + length + " of a type is not allowed.",
            "It may be a number up to %,d.".formatted(MOST_LENGTH));
      }
    }
  }

  private static boolean tooLong(String length) {
    return !length.matches("[0-9]{1,5}") || Integer.parseInt(length) > MOST_LENGTH;
  }
}
