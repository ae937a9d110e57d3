package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetFileTest {
  static final Path COMMITTED = Path.of("../ops/fleet/fleet.yaml");

  @Test
  void fiftySystemsInFourRegions() throws IOException, ConfigurationException {
    Fleet fleet = Fleet.read(COMMITTED);
    assertThat(fleet.systems()).hasSize(50).extracting(FleetSystem::name).doesNotHaveDuplicates();
    assertThat(
            fleet.systems().stream()
                .collect(Collectors.groupingBy(s -> s.labels().region(), Collectors.counting())))
        .as("in each region enough for a regional incident")
        .hasSize(4)
        .allSatisfy((region, systems) -> assertThat(systems).isGreaterThan(5));
    assertThat(fleet.systems())
        .extracting(system -> system.labels().tier())
        .contains("standard", "critical")
        .containsOnly("standard", "critical");
    assertThat(fleet.incidents())
        .extracting(Incident::toString)
        .containsExactly(
            "api-down of check-in",
            "database-slow of loyalty-points",
            "messages-lost of baggage-tracing");
  }

  @Test
  void growsWithoutStrikingMore() throws IOException, ConfigurationException {
    Fleet fleet = Fleet.read(COMMITTED).times(10);
    assertThat(fleet.systems()).hasSize(500).extracting(FleetSystem::name).doesNotHaveDuplicates();
    assertThat(fleet.struckBy(fleet.incidents().getFirst())).hasSize(1);
  }

  @Test
  void allErrorsAreToldAtOnce(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("fleet.yaml"),
            """
            profiles: {busy: {requests: 10}}
            systems:
              - {name: a, team: t, region: r, profile: bussy, version: 1.0.0}
              - {name: a, team: t, region: r, profile: busy, version: 1.0.0, tier: gold}
            incidents:
              - {kind: api-gone, system: a}
              - {kind: silent, region: s}
            """);
    assertThatThrownBy(() -> Fleet.read(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("5 errors")
        .hasMessageContaining("did you mean busy?")
        .hasMessageContaining("a is the name of another one, too")
        .hasMessageContaining("must be one of standard, critical, not gold")
        .hasMessageContaining("must be one of api-down, database-down")
        .hasMessageContaining("silent in the region s strikes nothing");
  }

  @Test
  void incidentsAreWrittenInOneWord() {
    assertThat(Incident.parse("silent=region:eu").orElseThrow())
        .hasToString("silent in the region eu");
    assertThat(Incident.parse("api-down=check-in").orElseThrow())
        .hasToString("api-down of check-in");
    assertThat(Incident.parse("api-down")).isEmpty();
    assertThat(Incident.parse("no-such=check-in")).isEmpty();
  }
}
