package dev.escala.app;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The answer of {@code /health} for people: a line a check, worst first, what was found behind its
 * name.
 */
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
  private final Map<String, Long> counted;

  /** Worst first; what another version says comes after those. */
  private static final List<String> WORST_FIRST = List.of(CRITICAL, "warn", "unknown", "ok");

  /** Of so many checks of a kind that are well, or as ill, each has a line of its own. */
  private static final int MOST_WELL = 5;

  private static final int MOST_ILL = 10;
  private static final int MOST_NAMES = 20;

  private record Line(String status, String name, String found) {
    /** Such as {@code source sqs} of a check whose last word is a topic or a database. */
    String kind() {
      int last = name.lastIndexOf(' ');
      return last < 0 ? name : name.substring(0, last);
    }

    String of() {
      return name.substring(name.lastIndexOf(' ') + 1);
    }

    int rank() {
      int rank = WORST_FIRST.indexOf(status);
      return rank < 0 ? WORST_FIRST.size() : rank;
    }
  }

  private HealthTable(String status, List<Line> lines, Map<String, Long> counted) {
    this.status = status;
    this.lines = lines;
    this.counted = counted;
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
    lines.sort(Comparator.comparingInt(Line::rank));
    return new HealthTable(health.path("status").asString(), lines, Map.of());
  }

  /** The same with one line for many checks of a kind that are alike: the first ones stay. */
  HealthTable folded() {
    Map<List<String>, List<Line>> alike = new LinkedHashMap<>();
    for (Line line : lines) {
      alike
          .computeIfAbsent(List.of(line.status(), line.kind()), kind -> new ArrayList<>())
          .add(line);
    }
    List<Line> folded = new ArrayList<>();
    alike.values().forEach(group -> folded.addAll(folded(group)));
    if (folded.size() == lines.size()) {
      return this;
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    lines.forEach(line -> counts.merge(line.status(), 1L, Long::sum));
    return new HealthTable(status, folded, counts);
  }

  private static List<Line> folded(List<Line> alike) {
    Line first = alike.getFirst();
    boolean well = first.status().equals("ok");
    if (alike.size() <= (well ? MOST_WELL : MOST_ILL)) {
      return alike;
    }
    List<Line> shown = new ArrayList<>(well ? List.of() : alike.subList(0, MOST_ILL));
    List<Line> rest = alike.subList(shown.size(), alike.size());
    String names =
        rest.stream().limit(MOST_NAMES).map(Line::of).collect(Collectors.joining(", "))
            + (rest.size() > MOST_NAMES ? ", …" : "");
    shown.add(
        new Line(
            first.status(),
            first.kind(),
            well ? rest.size() + " alike" : rest.size() + " more: " + names));
    return shown;
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
    text.append(padded(status, colours)).append("  all together").append(counts()).append('\n');
    for (Line line : lines) {
      String name = line.name() + " ".repeat(width - line.name().length());
      text.append(padded(line.status(), colours))
          .append(("  " + name + "  " + line.found()).stripTrailing())
          .append('\n');
    }
    return text.toString();
  }

  /** How many are how, where they are folded. */
  private String counts() {
    if (counted.isEmpty()) {
      return "";
    }
    return counted.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", ", ": ", ""));
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
