package dev.escala.dashboard;

import dev.escala.slo.Artifact;
import dev.escala.slo.ArtifactGenerator;
import dev.escala.slo.Destinations;
import dev.escala.slo.Presentation;
import dev.escala.slo.RuleFiles;
import dev.escala.slo.SloBook;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that Grafana is given at its start: dashboards, the data source, where they are.
 *
 * @param destinations where panels lead to outside of Grafana
 */
public record GrafanaFiles(Destinations destinations) implements ArtifactGenerator {
  private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter WRITER =
      JsonMapper.shared()
          .writer()
          .with(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectNameValueSpacing(Spacing.AFTER)
                          .withObjectEmptySeparator("")
                          .withArrayEmptySeparator(""))
                  .withObjectIndenter(INDENTER)
                  .withArrayIndenter(INDENTER));

  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    List<Artifact> artifacts = new ArrayList<>();
    for (Dashboard dashboard : dashboards(book)) {
      artifacts.add(
          new Artifact(
              "grafana/dashboards/" + dashboard.uid().text() + ".json",
              WRITER.writeValueAsString(dashboard.json()) + "\n"));
    }
    artifacts.add(
        new Artifact("grafana/provisioning/datasources/escala.yaml", Provisioning.dataSources()));
    artifacts.add(
        new Artifact("grafana/provisioning/dashboards/escala.yaml", Provisioning.dashboards()));
    return artifacts;
  }

  private List<Dashboard> dashboards(SloBook book) {
    Bounds bounds = Bounds.of(book);
    Links links = new Links(destinations, RuleFiles.runbooks(book));
    return List.of(
        FleetDashboard.of(bounds, links),
        SystemDashboard.of(bounds, links),
        SloDashboard.of(links),
        DatabaseDashboard.of(bounds, links),
        PubSubDashboard.of(bounds, links));
  }
}
