package dev.escala.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.infra.policy.Plan;
import dev.escala.infra.policy.Rule;
import java.util.List;
import java.util.Map;

/**
 * Rules that an environment does not hold, each with the reason.
 *
 * @param reasons by the id of the rule
 */
record Exceptions(Map<String, String> reasons) {

  static Exceptions none() {
    return new Exceptions(Map.of());
  }

  /** A system that may be thrown away. */
  static Exceptions ofDev() {
    return new Exceptions(
        Map.of(
            "CKV_AWS_133", "its data can be published again",
            "CKV_AWS_157", "an interruption hurts nobody",
            "CKV_AWS_293", "it is destroyed at will",
            "CKV_AWS_150", "it is destroyed at will",
            "CKV_AWS_338", "its logs are looked at within days",
            "ESC_9", "an interruption hurts nobody"));
  }

  /** Every other rule holds; and these do not, or the exception has no point any more. */
  void assertHeldBy(Plan plan) {
    for (Rule rule : Rule.all()) {
      List<String> violations = rule.violations(plan);
      if (reasons.containsKey(rule.id())) {
        assertThat(violations).as("%s is an exception", rule.id()).isNotEmpty();
      } else {
        assertThat(violations).isEmpty();
      }
    }
  }
}
