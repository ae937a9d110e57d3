package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as people give it, with a part of the data. */
@Tag("integration")
class DemoTest {
  private final StringWriter out = new StringWriter();

  private int demo(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(out, true));
    return commandLine.execute(
        Stream.concat(Stream.of("demo"), Stream.of(arguments)).toArray(String[]::new));
  }

  @Test
  void everyMessageBecomesARowThatCanBeRead() {
    assertThat(demo("--exit", "--port", "0", "--sample", "700")).as(() -> out.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("airports +700 +700 +700 +0 +0 .* over HTTP")
        .containsPattern("flights +700 +700 +700 +0 +0 .* through SNS and SQS");
  }

  @Test
  void aSecondStartFindsTheData(@TempDir Path directory) {
    assertThat(demo("--exit", "--port", "0", "--sample", "50", "--data", directory.toString()))
        .as(() -> out.toString())
        .isZero();
    // What is there already is a duplicate, the rest is new.
    assertThat(demo("--exit", "--port", "0", "--sample", "90", "--data", directory.toString()))
        .as(() -> out.toString())
        .isZero();
    assertThat(demo("--exit", "--port", "0", "--sample", "90", "--data", directory.toString()))
        .as(() -> out.toString())
        .isZero();
    assertThat(out.toString()).containsPattern("flights +90 +90 +90 +0 +0 +found here");
  }
}
