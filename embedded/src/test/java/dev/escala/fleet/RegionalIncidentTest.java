package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.fleet.Incident.Kind;
import dev.escala.fleet.Incident.Scope;
import dev.escala.fleet.WatchedFleet.Watch;
import dev.escala.monitoring.Alertmanager;
import dev.escala.monitoring.GeneratedRules;
import dev.escala.monitoring.PrometheusApi;
import dev.escala.monitoring.Tool;
import dev.escala.monitoring.Webhook;
import dev.escala.testing.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The databases of a whole region go away: that is one page, not one for each system. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class RegionalIncidentTest {
  private static final String REGION = "us-east-1";
  private static final Path SLOS = Path.of("../ops/slo");
  private static final int STRUCK = 15;
  private static final int PAGES_OF_THE_CONTROL = 3 * STRUCK;

  @TempDir Path directory;

  /**
   * Faster than life, as far as the machine keeps up: where it does not, systems alert that nothing
   * happened to, since nobody has the time to ask them how they are.
   */
  @Test
  void isOnePage() throws Exception {
    boolean undisturbed = assertOnePage(10, Duration.ofSeconds(20), Duration.ofMinutes(2));
    if (!undisturbed) {
      undisturbed = assertOnePage(3, Duration.ofSeconds(40), Duration.ofMinutes(5));
    }
    if (!undisturbed) {
      undisturbed = assertOnePage(1, Duration.ofSeconds(90), Duration.ofMinutes(8));
    }
    assertThat(undisturbed).as("the machine keeps up with real time").isTrue();
  }

  /**
   * What fires first, and what waits for it, is a matter of seconds that no factor divides alike.
   */
  @Test
  @Tag("long")
  void isOnePageInRealTime() throws Exception {
    assertThat(assertOnePage(1, Duration.ofSeconds(90), Duration.ofMinutes(8))).isTrue();
  }

  /** Says whether nothing alerted but what was struck; else the pages prove nothing. */
  private boolean assertOnePage(int timescale, Duration after, Duration patience) throws Exception {
    assumeTrue(Tool.PROMETHEUS.isInstalled(), Tool.PROMETHEUS.missing());
    assumeTrue(Tool.ALERTMANAGER.isInstalled(), Tool.ALERTMANAGER.missing());
    Incident incident = new Incident(Kind.DATABASE_DOWN, Scope.REGION, REGION, after);
    Fleet fleet = Fleet.read(FleetFileTest.COMMITTED).with(List.of(incident));
    assertThat(fleet.struckBy(incident)).hasSize(STRUCK);
    Path folder = Files.createDirectory(directory.resolve("times" + timescale));
    String routing = Files.readString(GeneratedRules.write(SLOS, folder, timescale).alertmanager());
    try (Webhook told = new Webhook();
        Webhook toldAll = new Webhook();
        Alertmanager committed = alertmanager(folder.resolve("committed"), told, routing);
        Alertmanager naive =
            alertmanager(folder.resolve("naive"), toldAll, withoutGroupsAndInhibitions(routing));
        WatchedFleet watched =
            WatchedFleet.start(
                fleet, new Watch(SLOS, timescale, 0, 0), List.of(committed.url(), naive.url()))) {
      PrometheusApi prometheus = watched.prometheus().api();
      awaitAllAlerts(prometheus, patience);
      Eventually.eventually(
          patience,
          () -> "each system would page: " + toldAll.pages(),
          () -> toldAll.pages().size() >= PAGES_OF_THE_CONTROL);
      if (isDisturbed(prometheus)) {
        return false;
      }
      assertThat(FleetPicture.of(prometheus).systems()).hasSize(STRUCK);
      assertTheRegionIsThePage(told.pages());
      return true;
    }
  }

  /** Whether anything alerted that was not struck, or rules were not evaluated in time. */
  private static boolean isDisturbed(PrometheusApi prometheus) {
    String others = "ALERTS{alertstate=\"firing\",region!~\"|" + REGION + "\"}";
    String late = "ALERTS{alertstate=\"firing\",alertname=\"EscalaRuleEvaluationFailing\"}";
    return prometheus.number(
            "count(count_over_time(%s[1h]) or count_over_time(%s[1h])) or vector(0)"
                .formatted(others, late))
        > 0;
  }

  private static void assertTheRegionIsThePage(List<Webhook.Notification> pages) {
    assertThat(pages)
        .singleElement()
        .satisfies(
            page -> {
              assertThat(page.alert()).isEqualTo("EscalaFleetManySystemsDegraded");
              assertThat(page.group().path("region").asString()).isEqualTo(REGION);
              assertThat(page.alerts()).isEqualTo(1);
            });
  }

  private static Alertmanager alertmanager(Path folder, Webhook webhook, String routing)
      throws IOException {
    Files.createDirectory(folder);
    return Alertmanager.start(webhook.receiving(routing, folder.resolve("am.yml")), folder);
  }

  /** The control: what the same alerts come to where nothing holds them back. */
  private static String withoutGroupsAndInhibitions(String routing) {
    int inhibitions = routing.indexOf("inhibit_rules:");
    int receivers = routing.indexOf("receivers:\n", inhibitions);
    return (routing.substring(0, inhibitions) + routing.substring(receivers))
        .replaceAll("group_by: \\[.*]", "group_by: ['...']");
  }

  private static void awaitAllAlerts(PrometheusApi prometheus, Duration patience) {
    for (String alert : List.of("EscalaDatabaseDown", "EscalaErrorBudgetBurnSlow")) {
      String firing =
          "count(count by (system) (ALERTS{alertname=\"%s\",alertstate=\"firing\"}))"
              .formatted(alert);
      Eventually.eventually(
          patience,
          () -> alert + " of each: " + FleetPicture.of(prometheus).text(),
          () -> prometheus.number(firing) == STRUCK);
    }
  }
}
