package dev.escala.slo;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.config.ConfigurationException;
import dev.escala.slo.People.Told;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What people read when they are told, as a real Alertmanager writes it. */
class NotificationTextTest {
  @TempDir private Path folder;
  private People people;
  private Alertmanager alertmanager;

  @BeforeEach
  void start() throws IOException, ConfigurationException {
    Tool.ALERTMANAGER.require();
    people = new People();
    alertmanager = new Alertmanager(folder, people.configuration(folder));
  }

  @AfterEach
  void stop() {
    if (alertmanager != null) {
      alertmanager.close();
      people.close();
    }
  }

  private static Map<String, Object> alert(String name, String severity, String system) {
    return Map.of(
        "labels",
        Map.of(
            "alertname",
            name,
            "severity",
            severity,
            "system",
            system,
            "env",
            "prod",
            "region",
            "eu",
            "tier",
            "critical"),
        "annotations",
        Map.of(
            "summary", "Something.",
            "description", "What is wrong with " + system + ".",
            "runbook_url", "https://git.example.com/docs/runbooks/page.md#" + name,
            "dashboard_url", "https://grafana.example.com/d/escala-system?var-system=" + system));
  }

  private JsonNode read(String receiver) {
    eventually("somebody is told", () -> people.told().stream().anyMatch(t -> of(t, receiver)));
    return people.told().stream().filter(t -> of(t, receiver)).findFirst().orElseThrow().body();
  }

  private static boolean of(Told told, String receiver) {
    return told.receiver().equals(receiver);
  }

  @Test
  void aTicketSaysWhatIsWrongWithEachSystemAndWhatToDo() throws Exception {
    alertmanager.post(
        List.of(alert("EscalaSlow", "warning", "a"), alert("EscalaSlow", "warning", "b")));
    JsonNode ticket = read("tickets").at("/attachments/0");
    assertThat(ticket.get("title").asString()).isEqualTo("FIRING 2: EscalaSlow (prod, eu)");
    assertThat(ticket.get("title_link").asString()).endsWith("page.md#EscalaSlow");
    assertThat(ticket.get("text").asString())
        .isEqualTo(
            """
            What is wrong with a. <https://grafana.example.com/d/escala-system?var-system=a|dashboard>
            What is wrong with b. <https://grafana.example.com/d/escala-system?var-system=b|dashboard>
            <https://git.example.com/docs/runbooks/page.md#EscalaSlow|What to do>\
            """);
  }

  @Test
  void aPageSaysWhatIsWrongWithWhichSystemAndWhatToDo() throws Exception {
    alertmanager.post(List.of(alert("EscalaDown", "critical", "a")));
    JsonNode page = read("page-critical").get("payload");
    assertThat(page.get("summary").asString()).isEqualTo("EscalaDown a (prod, eu)");
    assertThat(page.at("/custom_details/what").asString()).isEqualTo("What is wrong with a. ");
    assertThat(page.at("/custom_details/runbook").asString()).endsWith("page.md#EscalaDown");
    assertThat(page.at("/custom_details/dashboard").asString()).endsWith("var-system=a");
  }
}
