package dev.escala.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The answer of {@code /health} for people: a line a check, what was found behind its name. */
final class HealthTable {
  private static final String CRITICAL = "critical";
  private static final int STATUS_WIDTH = CRITICAL.length();
  private static final String AGO = "seconds_ago";
  private static final String SECONDS = "_seconds";
  private static final String MILLIS = "_ms";
  private static final double HOUR = 3600;
  private static final String PLAIN = "\u001b[0m";

  /** Says nothing beside the name of the check, or the address that was asked. */
  private static final List<String> LEFT_OUT = List.of("status", "url", "started_at");

  private final String status;
  private final List<Line> lines;

  private record Line(String status, String name, String found) {}

  private HealthTable(String status, List<Line> lines) {
    this.status = status;
    this.lines = lines;
  }

  static HealthTable of(JsonNode health) {
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<String, JsonNode> check : health.path("checks").properties()) {
      lines.add(
          new Line(
              check.getValue().path("status").asString("unknown"),
              check.getKey(),
              found(check.getValue())));
    }
    return new HealthTable(health.path("status").asString(), lines);
  }

  private static String found(JsonNode check) {
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> detail : check.properties()) {
      boolean silent = detail.getValue().isBoolean() && !detail.getValue().asBoolean();
      if (!LEFT_OUT.contains(detail.getKey()) && !silent) {
        found.add(words(detail.getKey(), detail.getValue()));
      }
    }
    return String.join(", ", found);
  }

  /** {@code latency_ms: 3} becomes {@code latency 3 ms}. */
  private static String words(String name, JsonNode value) {
    if (value.isBoolean()) {
      return name.replace('_', ' ');
    }
    if (name.equals("error")) {
      return value.asString();
    }
    if (name.endsWith(AGO)) {
      return said(name, AGO, age(value.asDouble())) + " ago";
    }
    if (name.endsWith(SECONDS)) {
      return said(name, SECONDS, age(value.asDouble()));
    }
    return name.endsWith(MILLIS)
        ? said(name, MILLIS, value.asString() + " ms")
        : name.replace('_', ' ') + " " + value.asString();
  }

  private static String said(String name, String unit, String value) {
    String what = name.substring(0, name.length() - unit.length()).replace('_', ' ').strip();
    return what.isEmpty() ? value : what + " " + value;
  }

  private static String age(double seconds) {
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < 2 * HOUR) {
      return String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }
    return seconds < 48 * HOUR
        ? String.format(Locale.ROOT, "%.0f h", seconds / HOUR)
        : String.format(Locale.ROOT, "%.0f d", seconds / HOUR / 24);
  }

  boolean isCritical() {
    return status.equals(CRITICAL);
  }

  /** One line for the whole and one for each check, each with a line end. */
  String text(boolean colours) {
    int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    text.append(padded(status, colours)).append("  all together\n");
    for (Line line : lines) {
      String name = line.name() + " ".repeat(width - line.name().length());
      text.append(padded(line.status(), colours))
          .append(("  " + name + "  " + line.found()).stripTrailing())
          .append('\n');
    }
    return text.toString();
  }

  private static String padded(String word, boolean colours) {
    String space = " ".repeat(Math.max(0, STATUS_WIDTH - word.length()));
    return colours ? colour(word) + word + PLAIN + space : word + space;
  }

  private static String colour(String word) {
    return switch (word) {
      case "ok" -> "\u001b[32m";
      case "warn" -> "\u001b[33m";
      case CRITICAL -> "\u001b[31m";
      default -> "\u001b[90m";
    };
  }
}
