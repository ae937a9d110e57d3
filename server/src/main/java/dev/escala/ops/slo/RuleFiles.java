package dev.escala.ops.slo;

import dev.escala.ops.slo.Rule.Recording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All rules of Prometheus; how many does not depend on the number of systems. */
public final class RuleFiles implements ArtifactGenerator {
  private static final Duration SELDOM = Duration.ofMinutes(1);

  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    List<Rule> objectives = new ArrayList<>();
    for (Slo slo : book.slos()) {
      slo.objectives()
          .forEach(
              (tier, target) -> {
                Map<String, String> labels = new LinkedHashMap<>();
                labels.put("slo", slo.label());
                labels.put("tier", tier.label());
                objectives.add(
                    new Recording(
                        "slo:objective:ratio", "vector(" + target.toPlainString() + ")", labels));
              });
    }
    return List.of(
        RuleFile.of(
            "objectives",
            List.of(
                new RuleGroup(
                    "escala-objectives", presentation.timescale().interval(SELDOM), objectives))));
  }
}
