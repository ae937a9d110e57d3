package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code .ci/skipped}: what is skipped where CI is true has to be listed. */
class SkippedTest {
  private static final Path CI = Path.of("..", ".ci");
  private static final Path PLAIN = CI.resolve("may-be-missing");
  private static final Path GITHUB = CI.resolve("may-be-missing-on-github");

  @TempDir private Path directory;

  private Ended skipped(String ci, Path list, String message)
      throws IOException, InterruptedException {
    Path report = directory.resolve("TEST-one.xml");
    Files.writeString(
        report,
        """
        <testsuite>
          <testcase name="passes"/>
          <testcase name="a"><skipped message="%s" type="TestAbortedException"/></testcase>
        </testsuite>
        """
            .formatted(message));
    return new Shell(Map.of("CI", ci))
        .run(List.of(CI.resolve("skipped").toString(), list.toString(), report.toString()));
  }

  @Test
  void whatNobodyHasListedFailsWhereCiIsTrue() throws IOException, InterruptedException {
    Ended ended = skipped("true", PLAIN, "Assumption failed: SKIPPED: a unicorn is missing");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.output()).contains("nobody has said", "1 a unicorn is missing");
  }

  @Test
  void elsewhereItIsOnlyTold() throws IOException, InterruptedException {
    Ended ended = skipped("", PLAIN, "Assumption failed: SKIPPED: a unicorn is missing");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.output()).contains("nobody has said", "1 a unicorn is missing");
  }

  /** Each as its place in the tests says it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Assumption failed: SKIPPED: infra/ is not tested, terraform is missing",
        "Assumption failed: SKIPPED: infra/ is not tested, the AWS provider is in no folder; name"
            + " one in TF_PLUGIN_DIR",
        "Assumption failed: SKIPPED: there is no AWS, moto_server is missing",
        "[SKIPPED: NODE_PATH has no @redocly/openapi-core] &#10;Expecting value to be true but was"
            + " false",
        "[SKIPPED: no node] &#10;Expecting value to be true but was false",
        "[SKIPPED: no polars of Python (docs/clients.md)] &#10;Expecting value to be true",
        "[SKIPPED: no data frames of Python (docs/clients.md)] &#10;Expecting value to be true",
        "Assumption failed: no file system can be mounted here",
        "Assumption failed: promtool is missing; Debian has it in prometheus",
        "Assumption failed: prometheus is not installed. Debian and Ubuntu: apt-get install",
        "Assumption failed: libfaketime is missing; Debian has it in libfaketime",
        "Assumption failed: SKIPPED: a deployment needs aws",
        "Assumption failed: SKIPPED: the image is started by root with unshare and setpriv"
            + " (util-linux)"
      })
  void aPlainMachineMayLackIt(String message) throws IOException, InterruptedException {
    assertThat(skipped("true", PLAIN, message).exitCode()).isZero();
    assertThat(skipped("true", GITHUB, message).exitCode())
        .as("GitHub's machines may not")
        .isEqualTo(1);
  }

  @Test
  void whatIsNotSkippedIsFine() throws IOException, InterruptedException {
    Path report =
        Files.writeString(directory.resolve("TEST-all.xml"), "<testcase name=\"passes\"/>");
    Ended ended =
        new Shell(Map.of("CI", "true"))
            .run(List.of(CI.resolve("skipped").toString(), GITHUB.toString(), report.toString()));
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.output()).contains("skipped: nothing");
  }
}
