package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code ./escala} starts: the packaged jar, with the libraries beside it and no others. */
@Tag("integration")
class PackagedDemoIT {
  private static final Path JAR = Path.of("target", "app", "escala.jar");

  @Test
  void loadsReadsBackAndEnds() throws IOException, InterruptedException {
    Ended demo =
        Ended.run(
                new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-jar",
                    JAR.toString(),
                    "demo",
                    "--exit",
                    "--sample",
                    "50",
                    "--port",
                    "0"))
            .orFail();

    assertThat(demo.output()).contains("Every message is a row").doesNotContain("Exception");
  }
}
