package dev.escala.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation;
import dev.escala.ops.MetricsObserver.RunningBuild;
import dev.escala.testing.MetricNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code ops/metrics.txt} names every series that this product can have, and nothing else: rules
 * and dashboards are held to it.
 */
class MetricsListTest {
  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(MetricsListTest::kinds)
        : Stream.of(type);
  }

  @Test
  void thereIsASampleOfEachObservation() {
    assertThat(Samples.all().stream().map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(kinds(Observation.class).collect(Collectors.toSet()));
  }

  @Test
  void namesExactlyWhatThereCanBe() throws IOException {
    Set<String> found = MetricNames.of(scrape() + prober());
    Path written = Files.write(Path.of("target/metrics.txt"), found);
    assertThat(own(MetricNames.listed()))
        .as("ops/metrics.txt; what there is stands in server/%s", written)
        .isEqualTo(own(found));
    assertThat(MetricNames.listed()).as("ops/metrics.txt").containsAll(found);
  }

  /** What the runtime tells depends on the machine, and on whether it has collected garbage yet. */
  private static Set<String> own(Set<String> names) {
    return names.stream()
        .filter(name -> !name.startsWith("jvm_") && !name.startsWith("process_"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String scrape() {
    MetricsObserver metrics =
        new MetricsObserver(
            new SystemLabels("test", "local", "standard", "eu"),
            new RunningBuild("all", "1.2.3"),
            Set.of("t"));
    Samples.all().forEach(metrics::observed);
    return new String(metrics.scrape(null).body(), StandardCharsets.UTF_8);
  }

  private static String prober() {
    ProberMetrics metrics = new ProberMetrics(Duration.ofMinutes(1));
    metrics
        .of(new SystemLabels("test", "local", "standard", "eu"))
        .observed(new Observation.ApiProbed(true, Duration.ZERO));
    return new String(metrics.scrape(null).body(), StandardCharsets.UTF_8);
  }

  @Test
  void hasNoLabelThatIsNotBounded() {
    Set<String> own =
        MetricNames.samples(scrape())
            .filter(sample -> !sample.startsWith("jvm_"))
            .flatMap(sample -> MetricNames.labels(sample).stream())
            .collect(Collectors.toSet());
    assertThat(own).isEqualTo(MetricNames.LABELS);
  }
}
