package dev.escala.query;

import java.util.Set;

/** The operators of PostgreSQL that SQL over HTTP may use. */
final class AllowedOperators {
  /** Look at each character, element or member of their operands once. */
  private static final Set<String> ANY =
      Set.of(
          "=",
          "<>",
          "!=",
          "<",
          "<=",
          ">",
          ">=",
          "+",
          "-",
          "*",
          "/",
          "%",
          "^",
          "&",
          "|",
          "<<",
          ">>",
          "||",
          "->",
          "->>",
          "#>",
          "#>>",
          "?",
          "^@",
          // No operators, but the names of arguments: make_interval(days => 1)
          "=>");

  /**
   * Look for each part of the right operand in the whole left one, and not for a cancel meanwhile:
   * two arrays of a million elements take an hour. So the right one is a short constant.
   */
  private static final Set<String> CONSTANT_ON_THE_RIGHT =
      Set.of(
          "&&", "@>", "?|", "?&", "@@", "@?", "~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*");

  private AllowedOperators() {}

  static boolean contains(String operator) {
    return ANY.contains(operator);
  }

  static boolean wantsConstant(String operator) {
    return CONSTANT_ON_THE_RIGHT.contains(operator);
  }

  /** How many characters the constant has at most. */
  static int mostOnTheRight(String operator) {
    return operator.contains("~~") ? Constants.SHORT_TEXT : Constants.SHORT;
  }

  static Set<String> any() {
    return ANY;
  }

  static Set<String> withConstant() {
    return CONSTANT_ON_THE_RIGHT;
  }
}
