package dev.escala.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    Process fleet = builder.redirectErrorStream(true).start();
    String output = new String(fleet.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(fleet.waitFor()).as(output).isEqualTo(1);
    assertThat(output)
        .contains("prometheus is not installed. ")
        .contains("apt-get install prometheus", "--no-prometheus starts only the systems.");
  }
}
