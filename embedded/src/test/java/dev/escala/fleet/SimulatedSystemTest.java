package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.fleet.Incident.Kind;
import dev.escala.fleet.Incident.Scope;
import dev.escala.ops.SystemLabels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulated system looks like the product, and is the same each time. */
class SimulatedSystemTest {
  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
  private static final Instant LATER = START.plusSeconds(60);
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");
  private static final FleetSystem SYSTEM =
      new FleetSystem(
          new SystemLabels("departures", "prod", "critical", "eu"),
          "operations",
          "1.4.0",
          new Profile(20, 30, Duration.ofMillis(12)));

  private static SimulatedSystem with(Kind... kinds) {
    List<Incident> incidents =
        Set.of(kinds).stream()
            .map(kind -> new Incident(kind, Scope.SYSTEM, "departures", Duration.ofSeconds(30)))
            .toList();
    return new SimulatedSystem(SYSTEM, incidents, START, Pace.of(20));
  }

  private static String scraped(SimulatedSystem system, Instant at) {
    return system
        .scrape(at, "")
        .map(scrape -> new String(scrape.body(), StandardCharsets.UTF_8))
        .orElse("");
  }

  private static List<String> samples(String text) {
    return text.lines().filter(line -> !line.startsWith("#")).toList();
  }

  /** The sum of all samples of a metric whose labels contain this text. */
  private static double sum(String text, String name, String label) {
    return samples(text).stream()
        .filter(line -> line.startsWith(name + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  void hasNoSeriesThatTheProductHasNot(Kind kind) throws IOException {
    Set<String> product = new HashSet<>(Files.readAllLines(Path.of("../ops/metrics.txt")));
    Set<String> simulated =
        samples(scraped(with(kind), START.plusSeconds(29))).stream()
            .map(SimulatedSystemTest::nameAndLabels)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(simulated).hasSizeGreaterThan(80);
    assertThat(product).containsAll(simulated);
    assertThat(product)
        .containsAll(
            samples(scraped(with(kind), LATER)).stream()
                .map(SimulatedSystemTest::nameAndLabels)
                .toList());
  }

  private static String nameAndLabels(String sample) {
    String labels =
        LABEL
            .matcher(sample.substring(0, sample.lastIndexOf(' ')))
            .results()
            .map(label -> label.group(1))
            .sorted()
            .collect(Collectors.joining(","));
    return sample.replaceAll("[{ ].*", "") + "{" + labels + "}";
  }

  @Test
  void livesTheSameLifeHoweverOftenItIsLookedAt() {
    SimulatedSystem often = with();
    for (int second = 1; second < 60; second++) {
      scraped(often, START.plusSeconds(second));
    }
    assertThat(own(scraped(often, LATER))).isEqualTo(own(scraped(with(), LATER)));
  }

  /** What the runtime of this process tells is no part of the simulation. */
  private static List<String> own(String text) {
    return samples(text).stream().filter(line -> !line.matches("(jvm|process)_.*")).toList();
  }

  @Test
  void isBusyAsItsProfileSaysAndWell() {
    String text = scraped(with(), LATER);
    assertThat(sum(text, "http_request_duration_seconds_count", "")).isBetween(1000.0, 1400.0);
    assertThat(sum(text, "http_request_duration_seconds_count", "5xx")).isZero();
    assertThat(sum(text, "http_request_duration_seconds_bucket", "le=\"0.2\""))
        .isEqualTo(sum(text, "http_request_duration_seconds_count", ""));
    assertThat(sum(text, "ingest_rows_total", "stored")).isBetween(1500.0, 2100.0);
    assertThat(sum(text, "ingest_rows_total", ""))
        .isEqualTo(sum(text, "ingest_messages_received_total", ""));
    assertThat(sum(text, "canary_served_total", "")).isEqualTo(60);
  }

  @Test
  void suffersAsItIsStruck() {
    assertThat(sum(scraped(with(Kind.API_DOWN), LATER), "probe_success", "")).isZero();
    assertThat(sum(scraped(with(Kind.DATABASE_DOWN), LATER), "db_up", "")).isZero();
    assertThat(sum(scraped(with(Kind.DATABASE_SLOW), LATER), "db_ping_duration_seconds", ""))
        .isGreaterThan(0.7);
    assertThat(sum(scraped(with(Kind.MESSAGES_LOST), LATER), "canary_lost_total", ""))
        .as("every second one, from the 30th second to the 60th")
        .isEqualTo(16);
    assertThat(sum(scraped(with(Kind.TOPIC_STUCK), LATER), "ingest_oldest_inflight_seconds", ""))
        .isGreaterThan(29);
    assertThat(scraped(with(Kind.SILENT), LATER)).isEmpty();
  }
}
