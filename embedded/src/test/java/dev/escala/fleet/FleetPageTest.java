package dev.escala.fleet;

import static dev.escala.browser.Page.quoted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.browser.Chromium;
import dev.escala.browser.Page;
import dev.escala.fleet.WatchedFleet.Watch;
import dev.escala.monitoring.Tool;
import dev.escala.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Fifty systems of which some are not there, each in another way: the rules find each, and the page
 * draws none of them as if it were well. The pictures are kept in {@code target/fleet}.
 */
@Tag("integration")
@Execution(ExecutionMode.SAME_THREAD)
class FleetPageTest {
  /** Slower than others: a browser looks as well. */
  private static final int TIMESCALE = 10;

  private static final Path PICTURES = Path.of("target", "fleet");
  private static final List<String> GONE =
      List.of("gone=departures", "never-started=fares", "silent=cargo-tracking");
  private static final String PROBER_GONE = "prober-gone=payments";

  @Test
  void nothingThatIsAbsentIsGreen() throws Exception {
    assumeTrue(Tool.PROMETHEUS.isInstalled(), Tool.PROMETHEUS.missing());
    assumeTrue(
        Chromium.program().isPresent(), "SKIPPED: chromium is missing; Debian has it in chromium");
    Fleet fleet = Fleet.read(FleetFileTest.COMMITTED);
    List<Incident> incidents =
        Stream.concat(
                fleet.incidents().stream(),
                Stream.concat(GONE.stream(), Stream.of(PROBER_GONE))
                    .map(text -> Incident.parse(text).orElseThrow()))
            .toList();
    Watch watch = new Watch(Path.of("../ops/slo"), TIMESCALE, 0, 0);
    try (WatchedFleet watched = WatchedFleet.start(fleet.with(incidents), watch, List.of())) {
      awaitPages(watched);
      try (Chromium chromium = Chromium.start()) {
        assertShown(watched, chromium.newPage().size(1440, 900).prefers("light"));
      }
    }
  }

  private static void assertShown(WatchedFleet watched, Page page)
      throws IOException, InterruptedException {
    page.open(watched.page().toString());
    assertDrawn(page);
    assertReadable(page);
    watched.prometheus().close();
    page.untilShown("Prometheus does not answer.");
    assertThat(page.texts("td.status")).hasSize(50).containsOnly("no data");
    assertThat(page.texts(".timeline .ok")).isEmpty();
    page.picture(PICTURES.resolve("unanswered.png"));
    assertThat(page.troubles()).filteredOn(told -> !told.contains("503")).isEmpty();
  }

  private static void awaitPages(WatchedFleet watched) {
    List<String> expected =
        List.of(
            "ApiDown departures",
            "ApiDown fares",
            "SystemSilent cargo-tracking",
            "ProberSilent payments",
            "ApiDown check-in");
    Eventually.eventually(
        Duration.ofMinutes(4),
        () -> "pages: " + FleetPicture.of(watched.prometheus().api()).pages(),
        () -> {
          FleetPicture picture = FleetPicture.of(watched.prometheus().api());
          return picture.known() == 50 && picture.pages().containsAll(expected);
        });
  }

  private static void assertDrawn(Page page) throws IOException, InterruptedException {
    page.until("document.querySelectorAll('tbody tr').length === 50");
    for (String system : List.of("departures", "fares", "cargo-tracking", "payments")) {
      page.until(cell(system, ".status .tag") + ".textContent !== 'ok'");
    }
    page.until(cell("cargo-tracking", ".status .tag") + ".textContent === 'unknown'");
    page.until(cell("cargo-tracking", ".fires") + ".textContent.includes('SystemSilent')");
    page.until(cell("payments", ".fires") + ".textContent.includes('ProberSilent')");
    assertThat(page.run("Boolean(" + cell("fares", ".timeline .ok") + ")").asBoolean())
        .as("it never came up, and was never well")
        .isFalse();
    page.until(cell("bookings", ".status .tag") + ".textContent === 'ok'");
    page.until(cell("bookings", ".timeline i:nth-child(25):not(.none)")); // a while to be seen
  }

  private static String cell(String system, String selector) {
    return "document.querySelector(%s)"
        .formatted(quoted("[data-system=%s] %s".formatted(system, selector)));
  }

  private static void assertReadable(Page page) throws IOException, InterruptedException {
    for (String scheme : List.of("light", "dark")) {
      page.prefers(scheme).picture(PICTURES.resolve("fleet-" + scheme + ".png"));
      assertThat(page.violations()).as(scheme).isEmpty();
    }
    page.size(390, 844).picture(PICTURES.resolve("phone.png"));
    assertThat(page.run("document.documentElement.scrollWidth - innerWidth").asInt())
        .as("pixels that stick out on a phone")
        .isLessThanOrEqualTo(0);
    page.size(1440, 900).prefers("light");
  }
}
