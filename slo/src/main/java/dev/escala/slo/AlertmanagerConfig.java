package dev.escala.slo;

import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Whom an alert reaches, together with which others, and which others it silences. */
public final class AlertmanagerConfig implements ArtifactGenerator {
  private static final String HEAD =
      """
      # Made by `escala slo generate`; the keys of the receivers stand in files in secrets/.
      """;

  /** By region and tier, never by system: a regional failure is one page. */
  private static final String ROUTES =
      """
      route:
        receiver: tickets
        group_by: [alertname, tier, region]
        group_wait: <30s>
        group_interval: <5m>
        repeat_interval: <12h>
        routes:
          - matchers: [alertname="EscalaWatchdog"]
            receiver: watchdog
            group_wait: 0s
            group_interval: <1m>
            repeat_interval: <1m>
          # At once; and all others wait longer than it takes to see that a whole region fails.
          - matchers: [alertname="EscalaFleetManySystemsDegraded"]
            receiver: page-critical
            group_wait: 0s
            repeat_interval: <1h>
          - matchers: [severity="critical", tier="standard"]
            receiver: page-standard
            repeat_interval: <4h>
            routes:
              # Later than the vital signs, so that these come first and hold the budgets back.
              - matchers: [alertname=~"EscalaErrorBudget.+"]
                group_wait: <3m>
          - matchers: [severity="critical"]
            receiver: page-critical
            group_interval: <1m>
            repeat_interval: <1h>
            routes:
              - matchers: [alertname=~"EscalaErrorBudget.+"]
                group_wait: <3m>
          - matchers: [severity="info"]
            receiver: nobody
      """;

  /**
   * What is said already is not said again. Labels that both lack count as equal, so each rule
   * about a label asks that it is there.
   */
  private static final String INHIBITIONS =
      """
      inhibit_rules:
        # A regional failure is one page. What differs between API and database is never its consequence.
        - source_matchers: [alertname="EscalaFleetManySystemsDegraded"]
          target_matchers: [system=~".+", alertname!="EscalaDataMismatch"]
          equal: [env, region]
        # A database that is away or too slow makes everything else late.
        - source_matchers: [alertname=~"EscalaDatabaseDown|EscalaDatabaseSlowCritical"]
          target_matchers:
            - alertname=~"EscalaApi.+|EscalaErrorBudget.+|EscalaTopicNotSettling|EscalaFreshnessLate|EscalaCanarySilent|EscalaMessageLost"
          equal: [system, env, region]
        - source_matchers: [alertname="EscalaDatabaseSlow"]
          target_matchers: [alertname="EscalaApiLatencyHigh"]
          equal: [system, env, region]
        # What a vital sign says at once, the budget of its SLO need not say again.
        - source_matchers: [severity="critical", vital=~".+", slo=~".+"]
          target_matchers: [alertname=~"EscalaErrorBudget.+"]
          equal: [system, env, region, slo]
        # A page silences the tickets about the same.
        - source_matchers: [severity="critical", slo=~".+"]
          target_matchers: [severity="warning", slo=~".+"]
          equal: [system, env, region, slo]
        - source_matchers: [severity="critical", vital=~".+"]
          target_matchers: [severity="warning", vital=~".+"]
          equal: [system, env, region, vital]
      """;

  private static final Pattern WAIT = Pattern.compile("<(\\w+)>");

  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    String routes =
        WAIT.matcher(ROUTES)
            .replaceAll(
                wait ->
                    Timescale.text(
                        presentation.timescale().wait(Timescale.duration(wait.group(1)))));
    return List.of(
        new Artifact(
            "alertmanager/alertmanager.yml",
            HEAD + routes + INHIBITIONS + receivers(presentation.watchdog())));
  }

  /** Between the quotes of JSON, which are YAML's, too, any address stays one text. */
  private static String receivers(String watchdog) {
    return """
    receivers:
      - name: page-critical
        pagerduty_configs:
          - routing_key_file: secrets/page-critical
      - name: page-standard
        pagerduty_configs:
          - routing_key_file: secrets/page-standard
      - name: tickets
        slack_configs:
          - api_url_file: secrets/tickets
            channel: "#escala-tickets"
      - name: watchdog
        webhook_configs:
          - url: %s
            send_resolved: false
            http_config:
              authorization:
                credentials_file: secrets/watchdog
      - name: nobody
    """
        .formatted(JsonMapper.shared().writeValueAsString(watchdog));
  }
}
