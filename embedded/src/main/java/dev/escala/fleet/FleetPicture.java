package dev.escala.fleet;

import dev.escala.monitoring.PrometheusApi;
import dev.escala.monitoring.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a fleet stands, as the rules have found it.
 *
 * @param known how many systems the rules know
 * @param troubled the systems that are not ok, worst first
 * @param pages the critical alerts that fire, such as {@code EscalaApiDown check-in}
 */
record FleetPicture(int known, List<Troubled> troubled, Set<String> pages) {
  private static final List<String> WORDS = List.of("ok", "warn", "critical", "unknown");

  /** One system that is not ok, with the names of all its alerts. */
  record Troubled(Series status, Set<String> alerts) {
    String system() {
      return status.label("system");
    }

    String word() {
      return WORDS.get((int) status.value());
    }

    private String line() {
      return "%-9s %-20s %-15s %-9s %s"
          .formatted(
              word(),
              system(),
              status.label("region"),
              status.label("tier"),
              String.join(", ", alerts));
    }
  }

  static FleetPicture of(PrometheusApi prometheus) {
    Map<String, Set<String>> alerts = new TreeMap<>();
    Set<String> pages = new TreeSet<>();
    for (Series alert :
        prometheus.query("ALERTS{alertname!=\"EscalaWatchdog\",alertstate=\"firing\"}")) {
      String name = alert.label("alertname").replaceFirst("^Escala", "");
      alerts.computeIfAbsent(alert.label("system"), system -> new TreeSet<>()).add(name);
      if (alert.label("severity").equals("critical")) {
        pages.add((name + " " + subject(alert)).strip());
      }
    }
    List<Troubled> troubled = new ArrayList<>();
    for (Series status : prometheus.query("system:status > 0")) {
      troubled.add(new Troubled(status, alerts.getOrDefault(status.label("system"), Set.of())));
    }
    troubled.sort(
        Comparator.comparingDouble((Troubled system) -> system.status().value())
            .reversed()
            .thenComparing(Troubled::system));
    double known = prometheus.number("count(system:status)");
    return new FleetPicture(Double.isNaN(known) ? 0 : (int) known, troubled, pages);
  }

  private static String subject(Series alert) {
    return alert.label("system").isEmpty() ? alert.label("region") : alert.label("system");
  }

  /** The names of the systems that are not ok. */
  Set<String> systems() {
    return troubled.stream().map(Troubled::system).collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Whether these systems are critical or unknown, each of them pages, and no other does either.
   */
  boolean isExactly(Set<String> systems) {
    Set<String> paging =
        troubled.stream()
            .filter(system -> pages.stream().anyMatch(page -> page.endsWith(" " + system.system())))
            .map(Troubled::system)
            .collect(Collectors.toCollection(TreeSet::new));
    return systems().equals(systems) && paging.equals(systems);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    for (int status = 0; status < WORDS.size(); status++) {
      text.append(
          "%d %s%s"
              .formatted(count(WORDS.get(status)), WORDS.get(status), status == 3 ? "\n" : " · "));
    }
    troubled.forEach(system -> text.append("  ").append(system.line()).append('\n'));
    pages.stream()
        .filter(page -> page.startsWith("FleetManySystemsDegraded"))
        .forEach(
            page -> text.append("  ").append(page).append(" (holds back what its systems say)\n"));
    return text.toString();
  }

  private long count(String word) {
    return word.equals("ok")
        ? known - troubled.size()
        : troubled.stream().filter(system -> system.word().equals(word)).count();
  }
}
