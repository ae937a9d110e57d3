package dev.escala.slo;

import dev.escala.dashboard.PromQl;
import dev.escala.slo.Ops.CommittedRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What promtool does not know of rules.
 *
 * @param series names of all series of the product, each with the labels that it has
 * @param dashboards their uids
 * @param runbook the text of a page, if there is such a page
 * @param readers texts that use recorded series: dashboards and runbooks
 */
record RuleLint(
    Map<String, Set<String>> series,
    Set<String> dashboards,
    Function<String, Optional<String>> runbook,
    String readers) {
  /** Alerts that are not about one system. */
  private static final Set<String> OF_NO_SYSTEM =
      Set.of(
          "EscalaFleetManySystemsDegraded",
          "EscalaRuleEvaluationFailing",
          "EscalaNotificationsFailing",
          "EscalaWatchdog");

  private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info");
  private static final Pattern ALERT = Pattern.compile("Escala([A-Z][a-z0-9]+)+");
  private static final Pattern RECORD =
      Pattern.compile("(slo|system|fleet|process):[a-z0-9_]+:[a-z0-9_]+|system:[a-z_]*status");
  private static final Pattern SENTENCE = Pattern.compile("[A-Z][^.{}]*\\.");
  private static final Pattern LINK = Pattern.compile("docs/runbooks/([a-z-]+\\.md)#([a-z]+)");
  private static final Pattern UID = Pattern.compile("d/([a-z-]+)(\\?var-system=.+)?");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=~|!~|!=|=)\"([^\"]*)\"");
  private static final Pattern RATE = Pattern.compile("\\b(?:rate|increase)\\(([a-z_:0-9]+)");

  /** Prometheus 3 writes other bounds than a process says, unless they are fractions. */
  private static final Set<String> BOUNDS = Set.of("0.2", "0.5", "30([.]0)?");

  /** What Prometheus itself adds, with the labels that it has of its own. */
  private static final Pattern PROMETHEUS =
      Pattern.compile(
          "up|scrape_.*|prometheus_(rule|notifications)_.*|alertmanager_notifications_.*");

  /** One sentence for each fault of the rules. */
  List<String> faults(List<CommittedRule> rules) {
    List<String> faults = new ArrayList<>();
    Set<String> recorded = new HashSet<>();
    rules.stream().filter(rule -> !rule.alert()).forEach(rule -> recorded.add(rule.name()));
    for (CommittedRule rule : rules) {
      Fault fault = new Fault(rule.name(), faults);
      if (rule.alert()) {
        alert(rule, fault);
      } else {
        recording(rule, rules, fault);
      }
      expression(rule, recorded, fault);
    }
    return faults;
  }

  private record Fault(String rule, List<String> faults) {
    void unless(boolean right, String what) {
      if (!right) {
        faults.add(rule + ": " + what);
      }
    }
  }

  private void alert(CommittedRule alert, Fault fault) {
    fault.unless(ALERT.matcher(alert.name()).matches(), "is not called EscalaSomething");
    fault.unless(SEVERITIES.contains(alert.label("severity")), "has no known severity");
    String summary = alert.annotation("summary");
    fault.unless(SENTENCE.matcher(summary).matches(), "summary is not one fixed sentence");
    boolean ofSystem = !OF_NO_SYSTEM.contains(alert.name());
    fault.unless(
        alert.annotation("description").contains("{{ $labels.system }}") == ofSystem,
        "description must name the system, if there is one");
    var link = LINK.matcher(alert.annotation("runbook_url"));
    fault.unless(
        link.matches()
            && link.group(2).equalsIgnoreCase(alert.name())
            && runbook
                .apply(link.group(1))
                .filter(page -> page.contains("\n## " + alert.name() + "\n"))
                .isPresent(),
        "has no section in a runbook");
    var uid = UID.matcher(alert.annotation("dashboard_url"));
    fault.unless(
        uid.matches() && dashboards.contains(uid.group(1)), "leads to no dashboard that there is");
  }

  private void recording(CommittedRule rule, List<CommittedRule> rules, Fault fault) {
    fault.unless(RECORD.matcher(rule.name()).matches(), "is not called level:metric:operations");
    Pattern name = Pattern.compile("(?<![\\w:])" + Pattern.quote(rule.name()) + "(?![\\w:])");
    fault.unless(
        rules.stream()
                .filter(other -> !other.name().equals(rule.name()))
                .anyMatch(other -> name.matcher(other.expression()).find())
            || name.matcher(readers).find(),
        "is used by nothing");
  }

  private void expression(CommittedRule rule, Set<String> recorded, Fault fault) {
    for (PromQl.Selector selector : new PromQl(rule.expression()).selectors()) {
      String metric = selector.metric();
      Set<String> labels = series.get(metric);
      fault.unless(
          labels != null || recorded.contains(metric) || PROMETHEUS.matcher(metric).matches(),
          "asks for " + metric + ", which there is not");
      var matcher = MATCHER.matcher(selector.matchers());
      while (matcher.find()) {
        String label = matcher.group(1);
        fault.unless(labels == null || labels.contains(label), metric + " has no label " + label);
        fault.unless(!label.equals("system"), "names a system");
        fault.unless(
            !label.equals("le") || BOUNDS.contains(matcher.group(3)),
            "matches a bound that Prometheus 3 writes otherwise");
      }
    }
    RATE.matcher(rule.expression())
        .results()
        .map(rate -> rate.group(1))
        .forEach(
            metric ->
                fault.unless(
                    metric.matches(".*_(total|count|bucket|sum)"),
                    "takes the rate of " + metric + ", which is no counter"));
  }

  /** From lines such as {@code db_up{database,env}}. */
  static Map<String, Set<String>> series(Set<String> listed) {
    Map<String, Set<String>> series = new TreeMap<>();
    for (String line : listed) {
      int brace = line.indexOf('{');
      series.put(
          line.substring(0, brace),
          Set.of(line.substring(brace + 1, line.length() - 1).split(",", -1)));
    }
    return series;
  }
}
