package dev.escala.slo;

import java.time.Duration;
import java.util.List;

/** All rules of Prometheus; how many does not depend on the number of systems. */
public final class RuleFiles implements ArtifactGenerator {
  private static final Duration SELDOM = Duration.ofMinutes(1);

  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    Alerts alerts = new Alerts(presentation);
    return List.of(
        RuleFile.of("indicators", new SliRules(presentation).groups(book)),
        RuleFile.of("burn", new BurnRules(presentation).groups()),
        RuleFile.of("status", new StatusRules(presentation).groups()),
        RuleFile.of("alerts-vitals", List.of(alerts.often("vitals", VitalAlerts.all()))),
        RuleFile.of("alerts-topics", List.of(alerts.often("topics", TopicAlerts.all()))),
        RuleFile.of(
            "alerts-budgets",
            List.of(
                alerts.often("budgets-fast", BudgetAlerts.fast(book)),
                alerts.seldom("budgets-slow", BudgetAlerts.slow(book)))),
        RuleFile.of("alerts-fleet", List.of(alerts.often("fleet", FleetAlerts.all()))));
  }

  private record Alerts(Presentation presentation) {

    RuleGroup often(String name, List<AlertTemplate> alerts) {
      return group(name, presentation.timescale().scrape(), alerts);
    }

    RuleGroup seldom(String name, List<AlertTemplate> alerts) {
      return group(name, presentation.timescale().wait(SELDOM), alerts);
    }

    private RuleGroup group(String name, Duration interval, List<AlertTemplate> alerts) {
      return new RuleGroup(
          "escala-alerts-" + name,
          interval,
          alerts.stream().map(alert -> (Rule) alert.in(presentation)).toList());
    }
  }
}
