package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus' and Alertmanager's own tools say of the files, at every time scale. */
class MonitoringToolsTest {
  @TempDir private Path folder;

  private void generate(int timescale) throws ConfigurationException, IOException {
    Presentation presentation =
        new Presentation(new Timescale(timescale), "https://a/", "https://b/", "https://c/");
    SloBook book = SloFiles.read(Ops.FOLDER.resolve("slo"));
    List<Artifact> artifacts =
        Stream.of(
                new RuleFiles(),
                new InventoryRules(Inventory.read(Ops.FOLDER.resolve("fleet/fleet.yaml"))),
                new PrometheusConfig(),
                new AlertmanagerConfig())
            .flatMap(generator -> generator.artifacts(book, presentation).stream())
            .toList();
    for (Artifact artifact : artifacts) {
      Path file = folder.resolve(artifact.path());
      Files.createDirectories(file.getParent());
      Files.writeString(file, artifact.content());
    }
  }

  private Ended lint() throws IOException, InterruptedException {
    return Tool.PROMTOOL.run(
        folder,
        Stream.concat(
                Stream.of("check", "rules", "--lint=all", "--lint-fatal"),
                Ops.files(folder.resolve("prometheus/rules"), ".yml").stream()
                    .map(folder::relativize)
                    .map(Path::toString))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 60, 600})
  void everythingIsValid(int timescale)
      throws ConfigurationException, IOException, InterruptedException {
    Tool.PROMTOOL.require();
    Tool.AMTOOL.require();
    generate(timescale);

    Ended rules = lint();
    assertThat(rules.exitCode()).as(rules.output()).isZero();
    Ended prometheus = Tool.PROMTOOL.run(folder, "check", "config", "prometheus/prometheus.yml");
    assertThat(prometheus.exitCode()).as(prometheus.output()).isZero();
    Ended alertmanager = Tool.AMTOOL.run(folder, "check-config", "alertmanager/alertmanager.yml");
    assertThat(alertmanager.exitCode()).as(alertmanager.output()).isZero();
  }

  @Test
  void theLintFindsDuplicates() throws ConfigurationException, IOException, InterruptedException {
    Tool.PROMTOOL.require();
    generate(1);
    Path file = folder.resolve("prometheus/rules/alerts-fleet.yml");
    String rule = "      - record: a:b:c\n        expr: up\n";
    Files.writeString(file, Files.readString(file) + rule + rule);
    assertThat(lint().exitCode()).isNotZero();
  }
}
