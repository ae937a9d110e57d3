package dev.escala.dashboard;

import static dev.escala.dashboard.LintRule.ofPanels;
import static dev.escala.dashboard.Shelf.each;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What is read off a legend or an axis is what it says, and there is a way on to the cause. */
final class ReadingRules {
  private static final Pattern PERCENTILE = Pattern.compile("\\bp(\\d+)\\b");
  private static final Pattern QUANTILE = Pattern.compile("histogram_quantile\\(0\\.(\\d+)");
  private static final Pattern OF_PROCESSES =
      Pattern.compile("\\b(?:sum|max|min|avg) by \\([^)]*\\binstance\\b");
  private static final Pattern SECONDS =
      Pattern.compile("histogram_quantile|_seconds(?::\\w+)?\\{|^time\\(\\)");
  private static final Pattern NUMBER = Pattern.compile("\\b(?:rate|changes|increase|count)\\b");
  private static final Pattern RUNBOOK = Pattern.compile("docs/(runbooks/[\\w-]+\\.md)");
  private static final String RUNBOOK_OF_ALERT = "docs/runbooks/${__value.text}";
  private static final Set<String> OF_MANY = Set.of("escala-fleet");

  static final List<LintRule> ALL =
      List.of(
          ofPanels("percentiles", ReadingRules::percentiles),
          ofPanels("room for failures", ReadingRules::failures),
          ofPanels("one unit", ReadingRules::unit),
          ofPanels("processes have names", ReadingRules::processes),
          ofPanels("runbook", ReadingRules::runbook),
          new LintRule("a panel names the process", ReadingRules::named),
          new LintRule("logs and traces", ReadingRules::evidence),
          new LintRule("what fires", ReadingRules::alerts));

  private ReadingRules() {}

  private static String digits(Pattern pattern, String text, boolean fraction) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> fraction ? (found.group(1) + "0").substring(0, 2) : found.group(1))
        .map(digits -> Integer.toString(Integer.parseInt(digits)))
        .collect(Collectors.toCollection(TreeSet::new))
        .toString();
  }

  /** The 0.5 quantile is p50, and is called so by its legend, or by the title. */
  private static void percentiles(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    for (JsonNode target : panel.path("targets")) {
      String expression = target.path("expr").asString();
      String named = digits(PERCENTILE, target.path("legendFormat").asString(), false);
      String inTitle = digits(PERCENTILE, panel.path("title").asString(), false);
      String asked = digits(QUANTILE, expression, true);
      boolean recorded = expression.contains("_p99_");
      if (!recorded && !asked.equals(named.equals("[]") ? inTitle : named)) {
        violation.accept("calls " + asked + " percentiles " + named + inTitle);
      }
    }
  }

  /** 0.5 % of failures are five budgets of 99.9 %, and no line on an axis up to 100 %. */
  private static void failures(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    JsonNode defaults = panel.path("fieldConfig").path("defaults");
    boolean ofFailures =
        Shelf.expressions(panel).stream().anyMatch(e -> e.matches("5xx|failed|sli_error"));
    if (ofFailures
        && panel.path("type").asString().equals("timeseries")
        && defaults.path("unit").asString().equals(Unit.RATIO.id())
        && defaults.has("max")) {
      violation.accept("an axis up to " + defaults.path("max") + " hides half a percent");
    }
  }

  /** Seconds, shares and numbers are not drawn on one axis. */
  private static void unit(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    if (!panel.path("type").asString().equals("timeseries")) {
      return;
    }
    boolean seconds = panel.at("/fieldConfig/defaults/unit").asString().equals(Unit.SECONDS.id());
    Set<String> units =
        Shelf.expressions(panel).stream()
            .map(ReadingRules::unit)
            .collect(Collectors.toCollection(TreeSet::new));
    if (units.size() != 1 || units.contains("seconds") != seconds) {
      violation.accept("draws " + units + (seconds ? " as seconds" : ""));
    }
  }

  private static String unit(PromQl expression) {
    if (expression.text().contains(" / ")) {
      return "share";
    }
    boolean quantile = expression.text().startsWith("histogram_quantile");
    boolean seconds = SECONDS.matcher(expression.text()).find();
    return seconds && (quantile || !NUMBER.matcher(expression.text()).find())
        ? "seconds"
        : "number";
  }

  private static void processes(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    each(panel.path("targets"))
        .filter(target -> OF_PROCESSES.matcher(target.path("expr").asString()).find())
        .filter(target -> !target.path("legendFormat").asString().contains("{{instance}}"))
        .forEach(target -> violation.accept("hides which process it is"));
  }

  private static void runbook(Shelf shelf, JsonNode panel, Consumer<String> violation) {
    String urls = urls(panel.at("/fieldConfig/defaults/links"));
    Matcher page = RUNBOOK.matcher(urls);
    if (!page.find()) {
      violation.accept("leads to no runbook");
    } else if (!Files.exists(Path.of("../docs", page.group(1)))) {
      violation.accept("there is no " + page.group(1));
    }
  }

  private static String urls(JsonNode links) {
    return each(links).map(link -> link.path("url").asString()).collect(Collectors.joining("\n"));
  }

  private static void named(Shelf shelf, Consumer<String> violation) {
    for (String uid : List.of("escala-system", "escala-database")) {
      shelf.dashboards().stream()
          .filter(dashboard -> dashboard.path("uid").asString().equals(uid))
          .filter(dashboard -> !dashboard.toString().contains("{{instance}}"))
          .forEach(dashboard -> violation.accept(uid + " names none"));
    }
  }

  /** Of the system that is selected, or of the one that is clicked on; in the time that is seen. */
  private static void evidence(Shelf shelf, Consumer<String> violation) {
    for (JsonNode dashboard : shelf.dashboards()) {
      boolean ofMany = OF_MANY.contains(dashboard.path("uid").asString());
      for (JsonNode panel : Shelf.panels(dashboard)) {
        String all =
            panel.findValues("url").stream()
                .map(JsonNode::asString)
                .collect(Collectors.joining("\n"));
        String own = ofMany ? all : urls(panel.at("/fieldConfig/defaults/links"));
        boolean needed = !ofMany || all.contains("/d/escala-system");
        String system = ofMany ? "\\$\\{__(?:field.labels|data.fields)\\.system}" : "\\$\\{system}";
        for (String host : List.of("logs", "traces")) {
          String link = "https://" + host + ".+" + system + ".+\\$\\{__from}.+\\$\\{__to}";
          if (needed && !Pattern.compile(link).matcher(own).find()) {
            violation.accept(Shelf.name(dashboard, panel) + ": leads to no " + host);
          }
        }
      }
    }
  }

  private static void alerts(Shelf shelf, Consumer<String> violation) {
    for (String uid : List.of("escala-fleet", "escala-system")) {
      shelf.dashboards().stream()
          .filter(dashboard -> dashboard.path("uid").asString().equals(uid))
          .filter(dashboard -> Shelf.panels(dashboard).stream().noneMatch(ReadingRules::isList))
          .forEach(
              dashboard -> violation.accept(uid + " has no list of alerts with their runbooks"));
    }
  }

  private static boolean isList(JsonNode panel) {
    return panel.path("type").asString().equals("table")
        && Shelf.expressions(panel).stream().anyMatch(e -> e.matches("ALERTS\\{.*firing"))
        && panel.findValues("url").stream()
            .anyMatch(url -> url.asString().contains(RUNBOOK_OF_ALERT));
  }
}
