package dev.escala.slo;

import dev.escala.config.Section;

/**
 * Where dashboards lead to outside of Grafana; where one is empty, nothing leads there.
 *
 * @param runbooks put in front of {@code docs/runbooks/...}
 * @param logs the log lines of {@code {system}} between {@code {from}} and {@code {to}}, which are
 *     milliseconds since 1970
 * @param traces its traces, likewise
 */
public record Destinations(String runbooks, String logs, String traces) {
  public static final Destinations NOWHERE = new Destinations("", "", "");

  static Destinations read(Section section) {
    return new Destinations(
        address(section, "runbooks"), address(section, "logs"), address(section, "traces"));
  }

  /** Text, for words in braces are no part of an address. */
  private static String address(Section section, String key) {
    String text = section.optionalText(key).orElse("");
    if (!text.isEmpty() && !text.matches("https?://\\S+")) {
      section.reject(key, "must begin with https:// or http://");
    }
    return text;
  }
}
