package dev.escala.slo;

import java.time.Duration;
import java.util.List;

/** Rules that are evaluated together, one after the other. */
record RuleGroup(String name, Duration interval, List<Rule> rules) {
  RuleGroup {
    rules = List.copyOf(rules);
  }
}
