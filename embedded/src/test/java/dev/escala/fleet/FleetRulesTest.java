package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.fleet.WatchedFleet.Watch;
import dev.escala.monitoring.PrometheusApi;
import dev.escala.monitoring.Question;
import dev.escala.monitoring.Series;
import dev.escala.monitoring.Tool;
import dev.escala.slo.Thresholds;
import dev.escala.testing.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Fifty systems, three of them in trouble: the rules find these, and the dashboard says so. */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class FleetRulesTest {
  private static final int TIMESCALE = 20;
  private static final int SYSTEMS = 50;
  private static final int MOST_SERIES = 60;
  private static final int SERIES_OF_A_PROCESS = Thresholds.SERIES_OF_A_PROCESS;

  /** What Prometheus says about itself. */
  private static final int OF_PROMETHEUS = 1_500;

  private static final Duration RATE_INTERVAL = Duration.ofSeconds(15);

  private static WatchedFleet watched;
  private static PrometheusApi prometheus;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Tool.PROMETHEUS.isInstalled(), Tool.PROMETHEUS.missing());
    watched =
        WatchedFleet.start(
            Fleet.read(FleetFileTest.COMMITTED),
            new Watch(Path.of("../ops/slo"), TIMESCALE, 0, 0),
            List.of());
    prometheus = watched.prometheus().api();
    Eventually.eventually(
        Duration.ofMinutes(2),
        () -> "three of fifty: " + FleetPicture.of(prometheus).text(),
        FleetRulesTest::isFound);
  }

  private static boolean isFound() {
    FleetPicture picture = FleetPicture.of(prometheus);
    return picture.known() == SYSTEMS
        && picture
            .pages()
            .containsAll(
                List.of(
                    "ApiDown check-in",
                    "DatabaseSlowCritical loyalty-points",
                    "MessageLost baggage-tracing"));
  }

  @AfterAll
  static void stop() {
    if (watched != null) {
      watched.close();
    }
  }

  @Test
  void nobodyElseIsInTroubleOrPages() {
    FleetPicture picture = FleetPicture.of(prometheus);
    assertThat(picture.systems())
        .as(picture.text())
        .containsExactly("baggage-tracing", "check-in", "loyalty-points");
    assertThat(picture.isExactly(picture.systems())).as("pages: %s", picture.pages()).isTrue();
    assertThat(picture.pages())
        .as("a fifth of a region is more than one system")
        .noneMatch(page -> page.startsWith("FleetManySystemsDegraded"));
  }

  @Test
  void theTableOfTheDashboardShowsThemFirst() {
    Question rank =
        fleetQuestions().stream()
            .filter(question -> question.legend().equals("rank"))
            .findFirst()
            .orElseThrow();
    List<Series> ranks =
        rank.ask(prometheus).stream()
            .sorted(Comparator.comparingDouble(Series::value).reversed())
            .toList();
    assertThat(ranks).hasSize(SYSTEMS);
    assertThat(ranks.subList(0, 3))
        .as("critical, and each as bad as its budget burns")
        .allSatisfy(series -> assertThat(series.value()).isGreaterThan(2000 + 14.4))
        .extracting(series -> series.label("system"))
        .containsExactlyInAnyOrder("baggage-tracing", "check-in", "loyalty-points");
    assertThat(ranks.subList(3, SYSTEMS))
        .allSatisfy(series -> assertThat(series.value()).isLessThan(1000));
  }

  /** What is short for one system may be long for fifty. */
  @Test
  void everyPanelOfTheFleetCanBeRead() {
    assertThat(fleetQuestions())
        .hasSizeGreaterThan(25)
        .allSatisfy(
            question ->
                assertThat(question.ask(prometheus))
                    .as("%s: %s", question.place(), question.expression())
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(MOST_SERIES)
                    .anyMatch(series -> series.numbers() > 0));
  }

  private static List<Question> fleetQuestions() {
    return Question.all().stream()
        .filter(question -> question.place().startsWith("escala-fleet"))
        .map(question -> question.filledIn(RATE_INTERVAL))
        .toList();
  }

  /** Bounds with some room above what is measured; the table of docs/monitoring.md. */
  @Test
  void costsWhatTheBudgetAllows() {
    FleetCost cost = FleetCost.of(prometheus);
    assertThat(
            prometheus.query("scrape_samples_post_metric_relabeling{job=\"escala\",system!=\"\"}"))
        .hasSize(SYSTEMS);
    assertThat(cost.largest()).isBetween(100.0, 500.0).isLessThan(SERIES_OF_A_PROCESS);
    assertThat(cost.recorded() / SYSTEMS).as("recorded series of a system").isBetween(20.0, 200.0);
    assertThat(cost.inMemory())
        .as("all series")
        .isBetween(cost.scraped(), 2 * (cost.scraped() + cost.recorded()) + OF_PROMETHEUS);
    assertThat(cost.evaluation()).as("seconds, which say as much of the machine").isPositive();
    assertThat(prometheus.number("sum(prometheus_rule_evaluation_failures_total)")).isZero();
  }
}
