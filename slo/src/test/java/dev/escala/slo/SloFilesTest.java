package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.config.ConfigurationException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SloFilesTest {
  private static final Path SHIPPED = Path.of("../ops/slo");

  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.list(SHIPPED)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private void edit(String file, String text, String by) throws IOException {
    Path path = folder.resolve(file);
    String yaml = Files.readString(path);
    assertThat(yaml).contains(text);
    Files.writeString(path, yaml.replace(text, by));
  }

  private List<String> errors() {
    return catchThrowableOfType(ConfigurationException.class, () -> SloFiles.read(folder)).errors();
  }

  @Test
  void theShippedFilesPromiseWhatTheContractNames() throws ConfigurationException {
    SloBook book = SloFiles.read(folder);
    assertThat(book.slos().stream().map(Slo::label))
        .containsExactly(
            "api_availability",
            "api_latency_200ms",
            "api_latency_500ms",
            "api_reachability",
            "completeness",
            "consistency",
            "database",
            "freshness");
    Slo availability = book.slo("api-availability");
    assertThat(availability.objectives())
        .containsEntry(Tier.STANDARD, new BigDecimal("0.999"))
        .containsEntry(Tier.CRITICAL, new BigDecimal("0.9999"));
    assertThat(availability.events().total())
        .containsExactly("http_request_duration_seconds_count{route!~\"/ping|/health\"}");
    assertThat(book.slo("api-reachability").indicator())
        .isEqualTo(new Indicator.Time("system:reached:bool"));
    assertThat(book.service().ceiling(availability.dependencies())).isEqualTo("0.999300109995");
  }

  @Test
  void everyErrorOfEveryFileIsToldAtOnce() throws IOException {
    edit("database.yaml", "openslo/v1", "openslo/v2alpha");
    edit("database.yaml", "target: 0.999\n", "target: 99.9\n");
    edit("freshness.yaml", "duration: 30d", "duration: 28d");
    edit("consistency.yaml", "canary_mismatch_total", "sum(canary_mismatch_total)");
    edit("completeness.yaml", "displayName: critical", "displayName: standard");
    edit(
        "api-latency.yaml",
        "budgetingMethod: Occurrences\n"
            + "  objectives:\n"
            + "    - displayName: standard\n"
            + "      target: 0.999",
        "budgetingMethod: RatioTimeslices\n"
            + "  objektives: []\n"
            + "  objectives:\n"
            + "    - displayName: standard\n"
            + "      target: 0.999");

    assertThat(errors())
        .containsExactly(
            "api-latency.yaml: document 2.spec.budgetingMethod: must be Occurrences or"
                + " Timeslices, not RatioTimeslices",
            "api-latency.yaml: document 2.spec.objektives: is not a known key; did you mean"
                + " objectives?",
            "completeness.yaml: spec.objectives[1].displayName: names the tier standard again",
            "completeness.yaml: spec.objectives: must have one for each tier, named by displayName",
            "consistency.yaml: spec.indicator.spec.ratioMetric.bad.metricSource.spec.query:"
                + " must be a selector of a counter, or several with + between them",
            "database.yaml: apiVersion: must be openslo/v1, not openslo/v2alpha",
            "database.yaml: spec.objectives[0].target: must be a number from 0 to below 1, not"
                + " 99.9",
            "freshness.yaml: spec.timeWindow[0].duration: must be 30d, not 28d");
  }

  @Test
  void aPromiseAboveTheCeilingNeedsEveryMeasure() throws IOException {
    edit("service.yaml", "database-cluster three-zones ", "");
    edit("api-reachability.yaml", "target: 0.9999", "target: 0.999");
    assertThat(errors())
        .containsExactly(
            "api-availability promises 0.9999 to tier critical, but load-balancer × compute ×"
                + " database carry 0.99930; lower it, or take the measures database-cluster,"
                + " three-zones and name them in escala.dev/measures.critical");
  }

  @Test
  void noMeasureCarriesEveryPromise() throws IOException {
    edit("api-availability.yaml", "target: 0.9999", "target: 0.99999");
    edit("api-availability.yaml", "target: 0.999\n", "target: 0.9994\n");
    assertThat(errors())
        .satisfiesExactly(
            standard ->
                assertThat(standard)
                    .startsWith("api-availability promises 0.9994 to tier standard")
                    .contains("take the measures"),
            critical ->
                assertThat(critical)
                    .isEqualTo(
                        "api-availability promises 0.99999 to tier critical, but load-balancer ×"
                            + " compute × database carry 0.99930, and no more than 0.9999 with"
                            + " every measure"));
  }

  @Test
  void aSliceIsGoodOrBadAsAWhole() throws IOException {
    edit("api-reachability.yaml", "timeSliceWindow: 15s", "timeSliceWindow: 1m");
    edit("api-reachability.yaml", "op: gte", "op: lt");
    assertThat(errors())
        .contains(
            "api-reachability.yaml: spec.objectives[0].op: must be gte, not lt",
            "api-reachability.yaml: spec.objectives[0].timeSliceWindow: must be 15s, not 1m");
  }

  @Test
  void partsWithoutAnAgreementAndDoublesAreRefused() throws IOException {
    edit("database.yaml", "depends-on: database", "depends-on: disk");
    edit("freshness.yaml", "  name: freshness\n  displayName", "  name: database\n  displayName");
    assertThat(errors())
        .containsExactlyInAnyOrder(
            "database is promised twice", "database depends on disk, which has no agreement");
  }
}
