package dev.escala.slo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.slo.Ops.CommittedRule;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom each alert reaches, asked of amtool. */
class AlertRoutesTest {
  private static final String CONFIG = "--config.file=alertmanager/alertmanager.yml";

  @BeforeEach
  void amtool() {
    Tool.AMTOOL.require();
  }

  /** The last line: Debian's own settings make amtool warn before it. */
  private static String receiver(String... labels) throws IOException, InterruptedException {
    String[] arguments =
        Stream.concat(Stream.of("config", "routes", "test", CONFIG), Stream.of(labels))
            .toArray(String[]::new);
    return Tool.AMTOOL.run(Ops.FOLDER, arguments).output().lines().toList().getLast();
  }

  @ParameterizedTest
  @CsvSource({
    "severity=critical tier=critical, page-critical",
    "severity=critical tier=standard, page-standard",
    "severity=critical region=eu, page-critical",
    "severity=warning tier=critical, tickets",
    "severity=warning tier=standard, tickets",
    "severity=info, nobody",
    "alertname=EscalaWatchdog severity=info, watchdog",
    "severity=critical tier=critical env=prod, page-critical",
    "severity=critical tier=critical env=production, page-critical",
    "severity=critical tier=critical env=dev, tickets",
    "severity=critical tier=standard env=staging, tickets",
    "alertname=EscalaFleetManySystemsDegraded severity=critical env=prod, page-critical",
    "alertname=EscalaFleetManySystemsDegraded severity=critical env=dev, tickets",
    "alertname=SomethingElse, tickets"
  })
  void goesTo(String labels, String receiver) throws IOException, InterruptedException {
    assertThat(receiver(labels.split(" ", -1))).isEqualTo(receiver);
  }

  /** Any alert of any tier reaches who its severity says. */
  @Test
  void everyAlertReachesSomebody() throws IOException, InterruptedException {
    Set<String> seen = new TreeSet<>();
    for (CommittedRule alert : Ops.alerts()) {
      String severity = alert.label("severity");
      String receiver =
          receiver("alertname=" + alert.name(), "severity=" + severity, "tier=critical");
      assertThat(receiver)
          .as(alert.name())
          .isIn(
              switch (severity) {
                case "critical" -> List.of("page-critical", "tickets,page-critical");
                case "warning" -> List.of("tickets");
                default -> List.of("watchdog", "nobody");
              });
      seen.add(receiver);
    }
    assertThat(seen)
        .containsExactly("nobody", "page-critical", "tickets", "tickets,page-critical", "watchdog");
  }
}
