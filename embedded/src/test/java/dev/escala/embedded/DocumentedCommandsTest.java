package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.app.CommandFailed;
import dev.escala.testing.Ended;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the curl lines of README.md and docs/api.md against the demo, as a newcomer would. */
@Tag("integration")
class DocumentedCommandsTest {
  private static final int ALL_AIRPORTS = 4_000;
  private static Demo demo;

  @BeforeAll
  static void start() throws CommandFailed, InterruptedException, IOException {
    assumeTrue(run("curl --version").exitCode() == 0, "SKIPPED: the documented commands need curl");
    demo = Demo.start(0, Optional.empty());
    var _ = new DemoData(demo, ALL_AIRPORTS, false).load();
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  private static Ended run(String command) throws IOException, InterruptedException {
    return Ended.run(new ProcessBuilder("sh", "-c", command));
  }

  static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    for (String file : List.of("../README.md", "../docs/api.md")) {
      boolean shell = false;
      for (String line : Files.readAllLines(Path.of(file))) {
        if (line.startsWith("```")) {
          shell = line.equals("```sh");
        } else if (shell && line.contains("curl ")) {
          commands.add(line);
        }
      }
    }
    assertThat(commands).hasSizeGreaterThan(15);
    return commands;
  }

  @Test
  void theDemoHasTheQueryOfTheExamples() throws IOException {
    String example = Files.readString(Path.of("../docs/examples/queries/late_routes.sql"));
    try (InputStream resource = Demo.class.getResourceAsStream("late_routes.sql")) {
      assertThat(resource).isNotNull().hasContent(example);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void works(String command) throws IOException, InterruptedException {
    URI admin = URI.create("http://localhost:" + demo.adminPort());
    String here =
        command
            .replace("curl ", "curl -sS --fail-with-body ")
            .replace("localhost:8080", demo.url().getAuthority())
            .replace("localhost:8081", admin.getAuthority());
    Ended result = run(here);
    assertThat(result.exitCode()).as(here + "\n" + result.output()).isZero();
    assertThat(result.output()).as(here).isNotBlank().isNotEqualTo("[]");
  }
}
