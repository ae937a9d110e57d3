package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.app.EscalaCommand;
import dev.escala.monitoring.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import picocli.CommandLine;

/** What the command tells, and how it ends. */
@Execution(ExecutionMode.SAME_THREAD)
class FleetCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int fleet(String... arguments) {
    CommandLine commandLine = EscalaCommand.commandLine();
    commandLine.addSubcommand(new FleetCommand());
    String[] all = new String[arguments.length + 3];
    all[0] = "fleet";
    all[1] = "--ops";
    all[2] = "../ops";
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(all);
  }

  @Test
  void anIncidentThatStrikesNothingIsRefusedWithTheKindsThereAre() {
    assertThat(fleet("--incident", "api-down=nobody")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("--incident api-down=nobody strikes nothing")
        .contains("KIND=region:REGION", "topic-stuck");
  }

  @Test
  void numbersAreHeldToTheirBounds() {
    assertThat(fleet("--times", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--times are 1 or more");
  }

  @Test
  void withoutPrometheusNothingCanBeWaitedFor() {
    assertThat(fleet("--exit", "--no-prometheus")).isEqualTo(2);
    assertThat(err.toString()).contains("--no-prometheus leaves out");
  }

  @Test
  void aTakenPortIsToldWithTheOptionThatTakesAnother() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(fleet("--port", Integer.toString(taken.getLocalPort()))).isEqualTo(1);
      assertThat(err.toString())
          .startsWith("Port " + taken.getLocalPort() + " cannot be had: ")
          .endsWith(" --port takes another, or 0 for a free one." + System.lineSeparator());
    }
  }

  @Test
  @Tag("integration")
  void aHealthyFleetIsFoundHealthyAndSaysWhatItCosts() {
    assumeTrue(Tool.PROMETHEUS.isInstalled(), Tool.PROMETHEUS.missing());
    assertThat(fleet("--healthy", "--exit", "--port", "0", "--prometheus-port", "0")).isZero();
    assertThat(out.toString())
        .contains("50 systems are watched by http://localhost:")
        .contains("50 ok · 0 warn · 0 critical · 0 unknown")
        .containsPattern("Cost: [0-9,]{5,} series scraped \\(at most \\d+ a system\\)");
  }
}
