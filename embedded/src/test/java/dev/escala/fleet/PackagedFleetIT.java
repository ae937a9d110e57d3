package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program on a machine that lacks Prometheus: nothing is on its PATH. */
@Tag("integration")
@Tag("long")
class PackagedFleetIT {
  @TempDir private Path nothing;

  @Test
  void saysHowToGetPrometheus() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "app", "escala.jar").toString(),
                "fleet",
                "--ops",
                "../ops",
                "--port",
                "0"));
    builder.environment().put("PATH", nothing.toString());
    Ended fleet = Ended.run(builder);
    assertThat(fleet.exitCode()).as(fleet.output()).isEqualTo(1);
    assertThat(fleet.output())
        .contains("prometheus is not installed. ")
        .contains("apt-get install prometheus", "--no-prometheus starts only the systems.");
  }
}
