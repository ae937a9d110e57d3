package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.slo.Ops.CommittedRule;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people hear in an incident, asked of a real Alertmanager. */
class NotificationsTest {
  @TempDir private Path folder;
  private Alertmanager alertmanager;

  @BeforeEach
  void start() throws IOException {
    Tool.ALERTMANAGER.require();
    alertmanager = new Alertmanager(folder);
  }

  @AfterEach
  void stop() {
    if (alertmanager != null) {
      alertmanager.close();
    }
  }

  /** The alert with the labels of its rule, and those of the system. */
  private static Map<String, String> alert(String name, String system, String... more) {
    CommittedRule rule =
        Ops.alerts().stream()
            .filter(alert -> alert.name().equals("Escala" + name))
            .findFirst()
            .orElseThrow();
    Map<String, String> labels = new LinkedHashMap<>();
    rule.node()
        .get("labels")
        .propertyStream()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asString()));
    labels.put("alertname", rule.name());
    labels.put("system", system);
    labels.put("env", "prod");
    labels.put("tier", "standard");
    labels.put("region", "eu");
    for (String label : more) {
      int equals = label.indexOf('=');
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return labels;
  }

  private static Map<String, String> fleet(String region) {
    Map<String, String> labels = alert("FleetManySystemsDegraded", "", "region=" + region);
    labels.remove("system");
    labels.remove("tier");
    return labels;
  }

  @Test
  void aRegionalIncidentIsOnePage() throws IOException, InterruptedException {
    List<Map<String, String>> alerts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      alerts.add(alert("SystemInRegionalIncident", "s" + i));
      alerts.add(alert("SystemInRegionalIncident", "t" + i));
      alerts.add(alert("DatabaseDown", "s" + i, "database=flights"));
      alerts.add(alert("TopicNotSettling", "s" + i, "topic=departures"));
      alerts.add(alert("SystemSilent", "t" + i));
    }
    alerts.add(fleet("eu"));
    alerts.add(alert("ApiDown", "elsewhere", "region=us"));
    alertmanager.fire(alerts);

    assertThat(alertmanager.notifications())
        .containsExactly("page-critical: 1 FleetManySystemsDegraded", "page-standard: 1 ApiDown");
  }

  @Test
  void whoFailsLaterInTheRegionIsHeard() throws IOException, InterruptedException {
    alertmanager.fire(
        List.of(
            fleet("eu"),
            alert("SystemInRegionalIncident", "a"),
            alert("ApiDown", "a"),
            alert("ApiDown", "b"),
            alert("DeadLettersArriving", "b", "topic=departures")));
    assertThat(alertmanager.notifications())
        .containsExactly(
            "page-critical: 1 FleetManySystemsDegraded",
            "page-standard: 1 ApiDown",
            "tickets: 1 DeadLettersArriving");
  }

  @Test
  void whatIsLostOrDiffersIsSaidWhateverElseHappens() throws IOException, InterruptedException {
    alertmanager.fire(
        List.of(
            fleet("eu"),
            alert("SystemInRegionalIncident", "a"),
            alert("TopicNotReceiving", "a", "topic=departures"),
            alert("MessageLost", "a", "topic=departures"),
            alert("DataMismatch", "a", "topic=departures")));
    assertThat(alertmanager.notifications())
        .containsExactly(
            "page-critical: 1 FleetManySystemsDegraded",
            "page-standard: 1 DataMismatch",
            "page-standard: 1 MessageLost");
  }

  /** In one group the second would only be an update of the first, which rings no phone. */
  @Test
  void aSecondSystemIsAPageOfItsOwn() throws IOException, InterruptedException {
    alertmanager.fire(
        List.of(
            alert("ApiDown", "a"), alert("ApiDown", "b"), alert("ApiDown", "a", "env=production")));
    assertThat(alertmanager.notifications())
        .containsExactly(
            "page-standard: 1 ApiDown", "page-standard: 1 ApiDown", "page-standard: 1 ApiDown");
  }

  /** A ticket may name several; a namesake in another environment is another one. */
  @Test
  void ticketsOfManySystemsAreOne() throws IOException, InterruptedException {
    alertmanager.fire(
        List.of(
            alert("DatabaseSlow", "a"),
            alert("DatabaseSlow", "b"),
            alert("DatabaseSlow", "a", "env=production")));
    assertThat(alertmanager.notifications())
        .containsExactly("tickets: 1 DatabaseSlow", "tickets: 2 DatabaseSlow");
  }

  @Test
  void aDatabaseThatIsAwayIsOnePage() throws IOException, InterruptedException {
    alertmanager.fire(
        List.of(
            alert("DatabaseDown", "a", "database=flights"),
            alert("ApiLatencyCritical", "a"),
            alert("ApiLatencyHigh", "a"),
            alert("TopicNotSettling", "a", "topic=departures"),
            alert("FreshnessLate", "a"),
            alert("CanarySilent", "a", "topic=departures"),
            alert("MessageLost", "a", "topic=departures"),
            alert("ErrorBudgetBurnFast", "a", "slo=api_availability"),
            alert("ErrorBudgetBurnFast", "a", "slo=database"),
            alert("ErrorBudgetBurnSlow", "a", "slo=freshness"),
            alert("TopicNotReceiving", "b", "topic=departures")));
    assertThat(alertmanager.notifications())
        .containsExactly("page-standard: 1 DatabaseDown", "page-standard: 1 TopicNotReceiving");
  }

  @Test
  void aSlowDatabaseIsThePageAndNotTheApi() throws IOException, InterruptedException {
    alertmanager.fire(
        List.of(
            alert("DatabaseSlowCritical", "a"),
            alert("DatabaseSlow", "a"),
            alert("ApiLatencyCritical", "a"),
            alert("ApiLatencyHigh", "a"),
            alert("ErrorBudgetBurnFast", "a", "slo=api_latency_500ms"),
            alert("DatabaseSlow", "b"),
            alert("ApiLatencyHigh", "b")));
    assertThat(alertmanager.notifications())
        .containsExactly("page-standard: 1 DatabaseSlowCritical", "tickets: 1 DatabaseSlow");
  }

  @Test
  void aVitalSignSaysItBeforeTheBudget() throws IOException, InterruptedException {
    alertmanager.fire(
        List.of(
            alert("ApiDown", "a"),
            alert("ErrorBudgetBurnFast", "a", "slo=api_availability"),
            alert("ErrorBudgetTicket", "a", "slo=api_availability"),
            alert("ErrorBudgetBurnFast", "a", "slo=freshness"),
            alert("ErrorBudgetTicket", "a", "slo=freshness"),
            alert("ErrorBudgetTicket", "a", "slo=completeness")));
    assertThat(alertmanager.notifications())
        .containsExactly(
            "page-standard: 1 ApiDown",
            "page-standard: 1 ErrorBudgetBurnFast",
            "tickets: 1 ErrorBudgetTicket");
  }

  /** Labels that both lack are equal to Alertmanager; that must hold nothing back. */
  @Test
  void alertsAboutDifferentThingsAreAllHeard() throws IOException, InterruptedException {
    alertmanager.fire(
        List.of(
            alert("TopicNotReceiving", "a", "topic=departures"),
            alert("DatabaseRestarted", "a", "database=flights"),
            alert("SeriesBudgetExceeded", "a"),
            alert("ApiLatencyHigh", "a"),
            alert("ApiDown", "b"),
            alert("Watchdog", "")));
    assertThat(alertmanager.notifications())
        .containsExactly(
            "page-standard: 1 ApiDown",
            "page-standard: 1 TopicNotReceiving",
            "tickets: 1 ApiLatencyHigh",
            "tickets: 1 DatabaseRestarted",
            "tickets: 1 SeriesBudgetExceeded",
            "watchdog: 1 Watchdog");
  }
}
