package dev.escala.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The table of what was measured, in Markdown. */
final class Report {
  private final List<String> lines = new ArrayList<>();
  private final List<String> tables = new ArrayList<>();

  /** Rates of the rounds of one subject, in its unit a second. */
  record Rates(String subject, List<Double> rounds) {

    double median() {
      List<Double> sorted = new ArrayList<>(rounds);
      Collections.sort(sorted);
      return sorted.get(sorted.size() / 2);
    }

    /** The better of two configurations of the same subject. */
    static Rates best(List<Rates> candidates) {
      return candidates.stream()
          .max((left, right) -> Double.compare(left.median(), right.median()))
          .orElseThrow();
    }
  }

  /** Adds a row: the ratio of the medians against what the design wants to hold. */
  void compare(String what, Rates escala, Rates peer, double hold) {
    double ratio = escala.median() / peer.median();
    add(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f/s (%s) | %,.0f/s (%s) | %.2f | ≥ %.2f | %s |",
            what,
            escala.median(),
            escala.subject(),
            peer.median(),
            peer.subject(),
            ratio,
            hold,
            ratio >= hold ? "yes" : "**no**"));
  }

  /** Adds a row of two that do not do the same, and whose ratio is only told. */
  void beside(String what, Rates escala, Rates peer) {
    add(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f/s (%s) | %,.0f/s (%s) | %.2f | – | – |",
            what,
            escala.median(),
            escala.subject(),
            peer.median(),
            peer.subject(),
            escala.median() / peer.median()));
  }

  /** Adds a row of one value that has a bound instead of a peer. */
  void bound(String what, double value, String unit, double most) {
    add(
        String.format(
            Locale.ROOT,
            "| %s | %,.0f %s | – | – | ≤ %,.0f %s | %s |",
            what,
            value,
            unit,
            most,
            unit,
            value <= most ? "yes" : "**no**"));
  }

  /** Adds a table of its own. */
  void table(String head, List<String> rows) {
    tables.add(head + "\n" + String.join("\n", rows));
  }

  private void add(String line) {
    lines.add(line);
    System.err.println(line);
  }

  @Override
  public String toString() {
    List<String> all = new ArrayList<>(tables);
    if (!lines.isEmpty()) {
      all.addFirst(
          "| | Escala | Peer | Ratio | Hold | Held |\n|---|---|---|---|---|---|\n"
              + String.join("\n", lines));
    }
    return String.join("\n\n", all);
  }
}
