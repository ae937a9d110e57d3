package dev.escala.slo;

import dev.escala.slo.Rule.Alert;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Gathers what an alert must have: when it fires, whom it calls, what it says, where to look. */
final class AlertTemplate {
  private static final String PREFIX = "Escala";
  private static final String OF_A_SYSTEM = "{{ $labels.system }}";

  private final String name;
  private final String expression;
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final Map<String, String> annotations = new LinkedHashMap<>();
  private Duration hold = Duration.ZERO;
  private Duration linger = Duration.ZERO;
  private String runbook = "";
  private String dashboard = "";

  private AlertTemplate(Severity severity, String name, String expression) {
    this.name = PREFIX + name;
    this.expression = expression;
    label("severity", severity.name().toLowerCase(Locale.ROOT));
  }

  /** What somebody must do about it: leave the bed, take a ticket, or nothing. */
  enum Severity {
    CRITICAL,
    WARNING,
    INFO
  }

  static AlertTemplate alert(Severity severity, String name, String expression) {
    return new AlertTemplate(severity, name, expression);
  }

  /** For how long the condition must have held. */
  AlertTemplate lasting(Duration duration) {
    hold = duration;
    return this;
  }

  /** For how long it goes on after the condition has ended. */
  AlertTemplate lingering(Duration duration) {
    linger = duration;
    return this;
  }

  private AlertTemplate label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  /** Which of the three vital signs it is about: a warning yields to what is critical. */
  AlertTemplate ofVital(String vital) {
    return label("vital", vital);
  }

  /** Which SLO says the same, more slowly. */
  AlertTemplate ofSlo(String slo) {
    return label("slo", slo);
  }

  /** Tells alerts of one name apart. */
  AlertTemplate because(String reason) {
    return label("reason", reason);
  }

  /** One sentence that is the same for every system, and one that names it. */
  AlertTemplate saying(String summary, String description) {
    annotations.put("summary", summary);
    annotations.put("description", description);
    return this;
  }

  /** The page of {@code docs/runbooks}, and the uid of the dashboard. */
  AlertTemplate leadingTo(String page, String uid) {
    runbook = page;
    dashboard = uid;
    return this;
  }

  Alert in(Presentation presentation) {
    Map<String, String> complete = new LinkedHashMap<>(annotations);
    complete.put(
        "runbook_url",
        "%sdocs/runbooks/%s.md#%s"
            .formatted(presentation.runbooks(), runbook, name.toLowerCase(Locale.ROOT)));
    String chosen =
        annotations.getOrDefault("description", "").contains(OF_A_SYSTEM)
            ? "?var-system=" + OF_A_SYSTEM
            : "";
    complete.put("dashboard_url", presentation.dashboards() + "d/" + dashboard + chosen);
    return new Alert(
        name,
        new Expressions(presentation.timescale()).of(expression),
        presentation.timescale().wait(hold),
        presentation.timescale().wait(linger),
        labels,
        complete);
  }
}
