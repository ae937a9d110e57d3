package dev.escala.query;

import java.util.Locale;
import java.util.Set;

/** Operators, and the words that are as much as one, against the list. */
final class OperatorRules {
  private static final String SPECIAL = "~!@#%^&|`?";

  private final SqlPhrase phrase;
  private final Constants constants;

  OperatorRules(SqlPhrase phrase, Constants constants) {
    this.phrase = phrase;
    this.constants = constants;
  }

  void check(int index) throws SqlRefused {
    SqlToken token = phrase.at(index);
    switch (token.kind()) {
      case OPERATOR -> checkOperator(index, withoutSigns(token.text()));
      case WORD -> checkWord(index, token.name());
      case BLANK, COMMENT, QUOTED, STRING, NUMBER, PARAMETER, PUNCTUATION -> {}
    }
  }

  /** PostgreSQL takes a sign at the end of an operator for one of its own, but for special ones. */
  private static String withoutSigns(String operator) {
    if (operator.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0)) {
      return operator;
    }
    int end = operator.length();
    while (end > 1 && "+-".indexOf(operator.charAt(end - 1)) >= 0) {
      end--;
    }
    return operator.substring(0, end);
  }

  private void checkOperator(int index, String operator) throws SqlRefused {
    if (AllowedOperators.wantsConstant(operator)) {
      checkRight(index + 1, operator, AllowedOperators.mostOnTheRight(operator));
    } else if (!AllowedOperators.contains(operator)) {
      throw SqlRefused.rule(
          "The operator " + operator + " is not allowed.",
          operator.equals("<@")
              ? "Turn it around: array @> constant."
              : "docs/sql.md lists those that are; a function of your own may use it.");
    }
  }

  private void checkWord(int index, String word) throws SqlRefused {
    SqlToken before = phrase.at(index - 1);
    if (before.is(".") || before.isWord("as")) {
      return;
    }
    switch (word) {
      case "like", "ilike" ->
          checkRight(index + 1, word.toUpperCase(Locale.ROOT), Constants.SHORT_TEXT);
      case "similar" -> checkRight(index + 2, "SIMILAR TO", Constants.SHORT);
      case "document", "normalized" -> checkPredicate(before, word);
      default -> {}
    }
  }

  private void checkRight(int right, String operator, int characters) throws SqlRefused {
    if (!constants.isOperand(right, characters)) {
      throw SqlRefused.rule(
          "On the right of %s stands no constant of at most %,d characters."
              .formatted(operator, characters),
          "Write a literal or a parameter there, such as tags && :tags or name LIKE :prefix || '%'."
              + " To look for one column in another takes a square of their lengths.");
    }
  }

  /** They read an XML document, or order its accents, without looking for a cancel. */
  private static void checkPredicate(SqlToken before, String word) throws SqlRefused {
    if (Set.of("is", "not", "nfc", "nfd", "nfkc", "nfkd").contains(before.name())) {
      throw SqlRefused.rule(
          "IS " + word.toUpperCase(Locale.ROOT) + " is not allowed.",
          "Read the text, and look at it where the answer is read.");
    }
  }
}
