package dev.escala.app;

import java.util.regex.Pattern;

/** What a topic may be called: it is part of URLs, and of names of tables. */
final class TopicName {
  /** The rule, for who broke it. */
  static final String RULE = "letters, digits, _ . and -, at most 63";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}");

  private TopicName() {}

  static boolean isValid(String name) {
    return NAME.matcher(name).matches();
  }
}
