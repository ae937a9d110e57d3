package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Which systems there should be, and the rules that say so. */
class InventoryTest {
  private static final Path FLEET = Ops.FOLDER.resolve("fleet/fleet.yaml");

  @TempDir private Path folder;

  private Inventory read(String yaml) throws ConfigurationException, IOException {
    return Inventory.read(Files.writeString(folder.resolve("fleet.yaml"), yaml));
  }

  @Test
  void everySystemOfTheFleetIsExpectedAndNoOther() throws ConfigurationException, IOException {
    Inventory inventory = Inventory.read(FLEET);
    assertThat(inventory.systems()).hasSize(50);
    JsonNode rules = Ops.yaml(Ops.FOLDER.resolve("prometheus/inventory.yml")).at("/groups/0/rules");
    assertThat(rules.valueStream().map(rule -> rule.at("/labels/system").asString()))
        .containsExactlyElementsOf(
            inventory.systems().stream().map(Inventory.Expected::system).toList());
  }

  @Test
  void tasksAreOfTheTierOrOfTheSystem() throws ConfigurationException, IOException {
    Inventory inventory =
        read(
            """
            tasks:
              standard: {api: 2, ingest: 2, prober: 1}
              critical: {api: 3, ingest: 4}
            systems:
              - {name: a, region: eu, tier: standard, team: t}
              - {name: b, region: eu, tier: critical, team: t}
              - {name: c, region: us, tier: critical, team: t, tasks: {all: 1}}
            """);
    assertThat(inventory.systems())
        .extracting(Inventory.Expected::tasks)
        .containsExactly(
            Map.of("api", 2, "ingest", 2, "prober", 1),
            Map.of("api", 3, "ingest", 4),
            Map.of("all", 1));
  }

  @Test
  void aRuleSaysHowManyOfEachRole() throws ConfigurationException, IOException {
    Inventory inventory =
        read(
            """
            systems:
              - {name: a, region: eu, tier: standard, team: t, tasks: {api: 2, prober: 1}}
            """);
    SloBook book = SloFiles.read(Ops.FOLDER.resolve("slo"));
    String file =
        new InventoryRules(inventory).artifacts(book, Presentation.COMMITTED).getFirst().content();
    assertThat(file)
        .endsWith(
            """
                  - record: system:expected_tasks:count
                    expr: |-
                      label_replace(vector(2), "role", "api", "", "")
                      or
                      label_replace(vector(1), "role", "prober", "", "")
                    labels:
                      system: a
                      env: prod
                      tier: standard
                      region: eu
            """);
  }

  @Test
  void everyErrorIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    tasks:
                      standard: {api: 0, reader: 2}
                    systems:
                      - {name: a, region: eu, tier: critical}
                      - {region: eu, tier: gold}
                    """))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("tasks.standard.api: must be a whole number")
        .hasMessageContaining("tasks.standard.reader: is not a known key")
        .hasMessageContaining("systems[0].tasks: must say how many there are of a role")
        .hasMessageContaining("systems[1].name: is missing")
        .hasMessageContaining("systems[1].tier: must be one of");
  }

  @Test
  void dashboardsLeadWhereTheFileSays() throws ConfigurationException, IOException {
    String systems =
        "systems: [{name: a, region: eu, tier: standard, team: t, tasks: {all: 1}}]\n"
            + "tasks: {standard: {all: 1}, critical: {all: 1}}\n";
    assertThat(read(systems).destinations()).isEqualTo(Destinations.NOWHERE);
    assertThat(read(systems + "links: {logs: 'https://l/?s={system}'}").destinations())
        .isEqualTo(new Destinations("", "https://l/?s={system}", ""));
    assertThatThrownBy(() -> read(systems + "links: {traces: 'javascript:x'}"))
        .hasMessageContaining("must begin with https://");
  }
}
