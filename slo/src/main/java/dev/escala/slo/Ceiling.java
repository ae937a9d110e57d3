package dev.escala.slo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Refuses promises that the parts of the product cannot carry. */
final class Ceiling {
  private static final int SHOWN_DIGITS = 5;

  /** What lets a tier outlive the outages that its parts are allowed; see docs/slo.md. */
  static final Set<String> MEASURES =
      Set.of(
          "database-cluster", "three-zones", "short-dns-ttl", "driver-timeouts", "retried-reads");

  private final Service service;

  Ceiling(Service service) {
    this.service = service;
  }

  /** A sentence if the SLO promises the tier too much. */
  Optional<String> trouble(Slo slo, Map.Entry<Tier, BigDecimal> objective) {
    BigDecimal target = objective.getValue();
    BigDecimal ceiling = service.ceiling(slo.dependencies());
    if (target.compareTo(ceiling) <= 0) {
      return Optional.empty();
    }
    String promise =
        "%s promises %s to tier %s, but %s carry %s"
            .formatted(
                slo.name(),
                target.toPlainString(),
                objective.getKey().label(),
                String.join(" × ", slo.dependencies()),
                ceiling.setScale(SHOWN_DIGITS, RoundingMode.DOWN).toPlainString());
    Set<String> missing = new TreeSet<>(MEASURES);
    missing.removeAll(service.measures().getOrDefault(objective.getKey(), Set.of()));
    if (!missing.isEmpty()) {
      return Optional.of(
          "%s; lower it, or take the measures %s and name them in escala.dev/measures.%s"
              .formatted(promise, String.join(", ", missing), objective.getKey().label()));
    }
    BigDecimal highest = service.ceilingWithMeasures();
    return target.compareTo(highest) <= 0
        ? Optional.empty()
        : Optional.of(promise + ", and no more than " + highest + " with every measure");
  }
}
