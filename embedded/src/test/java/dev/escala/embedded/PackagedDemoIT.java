package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code ./escala} starts: the packaged jar, with the libraries beside it and no others. */
@Tag("integration")
class PackagedDemoIT {
  private static final Path JAR = Path.of("target", "app", "escala.jar");
  private static final int ENDED_BY_SIGTERM = 143;

  @Test
  void loadsReadsBackAndEnds() throws IOException, InterruptedException {
    Ended demo = Ended.run(demo("--exit", "--sample", "50")).orFail();

    assertThat(demo.output()).contains("Every message is a row").doesNotContain("Exception");
  }

  @Test
  void stopsInTheMiddleWithoutAWordOfWhatBreaks() throws IOException, InterruptedException {
    Process demo = demo().redirectErrorStream(true).start();
    demo.getOutputStream().close();
    StringBuilder output = new StringBuilder();
    try (BufferedReader lines = demo.inputReader()) {
      for (String line; (line = lines.readLine()) != null; ) {
        output.append(line).append('\n');
        if (line.contains("airports")) { // are there, and the flights are under way
          demo.toHandle().destroy(); // the process itself would close its output
        }
      }
    }

    assertThat(demo.waitFor()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(output).contains("Stopping …").doesNotContain("Exception", "\tat ");
  }

  private static ProcessBuilder demo(String... options) {
    return new ProcessBuilder(
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-jar",
                    JAR.toString(),
                    "demo",
                    "--port",
                    "0"),
                Stream.of(options))
            .toList());
  }
}
