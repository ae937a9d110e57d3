package dev.escala.monitoring;

import dev.escala.config.ConfigurationException;
import dev.escala.slo.AlertmanagerConfig;
import dev.escala.slo.Artifact;
import dev.escala.slo.ArtifactGenerator;
import dev.escala.slo.Presentation;
import dev.escala.slo.RuleFiles;
import dev.escala.slo.SloBook;
import dev.escala.slo.SloFiles;
import dev.escala.slo.Timescale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code escala slo generate --time-scale} makes for Prometheus and the Alertmanager.
 *
 * @param rules all rule files
 * @param alertmanager the routing tree, with the receivers of production
 */
public record GeneratedRules(Path rules, Path alertmanager) {
  private static final List<ArtifactGenerator> GENERATORS =
      List.of(new RuleFiles(), new AlertmanagerConfig());

  /**
   * Writes the files.
   *
   * @param slos the folder of the SLO files
   * @param folder where to
   * @param timescale so many times faster than real time
   * @throws ConfigurationException with every error of the SLO files
   */
  public static GeneratedRules write(Path slos, Path folder, int timescale)
      throws ConfigurationException, IOException {
    SloBook book = SloFiles.read(slos);
    Presentation presentation =
        new Presentation(new Timescale(timescale), "", "", Presentation.COMMITTED.watchdog());
    for (ArtifactGenerator generator : GENERATORS) {
      for (Artifact artifact : generator.artifacts(book, presentation)) {
        Path file = folder.resolve(artifact.path());
        Files.createDirectories(file.getParent());
        Files.writeString(file, artifact.content());
      }
    }
    return new GeneratedRules(
        folder.resolve("prometheus/rules/*.yml"), folder.resolve("alertmanager/alertmanager.yml"));
  }
}
