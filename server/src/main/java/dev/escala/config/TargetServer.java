package dev.escala.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which of several servers a URL asks for: {@code target_session_attrs} of libpq, which pgjdbc
 * calls {@code targetServerType}.
 */
public enum TargetServer {
  /** Whichever answers. */
  ANY("any"),
  /** The one that is written to. */
  PRIMARY("primary"),
  /** One that follows the primary, and no other. */
  STANDBY("standby"),
  /** A standby where one can be read, else the primary. */
  PREFER_STANDBY("prefer-standby");

  private final String word;

  TargetServer(String word) {
    this.word = word;
  }

  static Optional<TargetServer> of(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(each -> each.word.equals(lower)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(each -> each.word).collect(Collectors.joining(", "));
  }
}
