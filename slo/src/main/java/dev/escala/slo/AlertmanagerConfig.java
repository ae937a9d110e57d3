package dev.escala.slo;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Whom an alert reaches, together with which others, and which others it silences. */
public final class AlertmanagerConfig implements ArtifactGenerator {
  @Override
  public List<Artifact> artifacts(SloBook book, Presentation presentation) {
    // Between the quotes of JSON, which are YAML's, too, any address stays one text.
    String watchdog = JsonMapper.shared().writeValueAsString(presentation.watchdog());
    String file =
        new Templates(book, presentation).text("alertmanager.yml").replace("{WATCHDOG}", watchdog);
    return List.of(new Artifact("alertmanager/alertmanager.yml", file));
  }
}
