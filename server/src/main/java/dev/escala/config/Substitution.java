package dev.escala.config;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts the environment into texts: {@code ${NAME}} and {@code ${NAME:default}}. */
final class Substitution {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:([^}]*))?}");

  private Substitution() {}

  static String apply(
      String text, Function<String, @Nullable String> environment, Consumer<String> error) {
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String value = environment.apply(matcher.group(1));
      if (value == null) {
        value = matcher.group(3);
      }
      if (value == null) {
        error.accept(
            "the environment variable %s is not set; set it, or write ${%s:default}"
                .formatted(matcher.group(1), matcher.group(1)));
        value = "";
      }
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(result).toString();
  }
}
