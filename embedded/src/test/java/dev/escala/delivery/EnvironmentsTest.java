package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ops/deploy/environments} with a GitHub that writes down what it is asked for. */
class EnvironmentsTest {
  private static final String POLICIES = "/deployment-branch-policies";

  @TempDir private Path directory;

  /** The person 4711; an environment dev that lets in any branch. */
  private static final String GITHUB =
      """
      #!/usr/bin/env bash
      asked=$*
      case $asked in
        *"--input -"*) asked="$asked $(tr -d ' \\n')" ;;
        *users/*) echo 4711 ;;
        *dev/deployment-branch-policies\\ --jq*) echo '7 branch:*' ;;
      esac
      echo "$asked" >>"$GITHUB_LOG"
      """;

  private List<String> asked(String... arguments) throws IOException, InterruptedException {
    assumeTrue(Tool.isInstalled("jq"), "SKIPPED: environments of GitHub need jq");
    Path log = directory.resolve("log");
    Path gh = Files.writeString(directory.resolve("gh"), GITHUB);
    assertThat(gh.toFile().setExecutable(true)).isTrue();
    List<String> command =
        new ArrayList<>(List.of(Path.of("..", "ops", "deploy", "environments").toString()));
    command.addAll(List.of(arguments));
    Ended ended =
        new Shell(
                Map.of(
                    "PATH", directory + ":" + System.getenv("PATH"), "GITHUB_LOG", log.toString()))
            .run(command);
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    return Files.readAllLines(log);
  }

  private static List<String> ofEnvironment(List<String> asked, String name) {
    return asked.stream().filter(line -> line.contains("/environments/" + name)).toList();
  }

  @Test
  void whereSomethingIsDeployedOnlyMainMayRun() throws IOException, InterruptedException {
    List<String> asked = asked("--repository", "example/escala", "--reviewer", "ana");

    for (String environment : List.of("build", "dev", "dev-plan", "prod", "prod-plan")) {
      assertThat(ofEnvironment(asked, environment + " "))
          .as(environment)
          .singleElement()
          .asString()
          .contains("\"protected_branches\":false,\"custom_branch_policies\":true");
      assertThat(ofEnvironment(asked, environment + POLICIES))
          .anyMatch(line -> line.endsWith("-f type=branch -f name=main"));
    }
    for (String deploys : List.of("dev", "prod")) {
      assertThat(ofEnvironment(asked, deploys + POLICIES + " -f")).hasSize(1);
    }
  }

  @Test
  void onlyProdAsksAPerson() throws IOException, InterruptedException {
    List<String> asked = asked("--repository", "example/escala", "--reviewer", "ana");

    assertThat(asked.stream().filter(line -> line.contains("\"id\":4711")))
        .singleElement()
        .asString()
        .contains("environments/prod ", "\"prevent_self_review\":true");
  }

  @Test
  void anotherBranchThanMainLosesItsWayIn() throws IOException, InterruptedException {
    assertThat(asked("--repository", "example/escala", "--reviewer", "ana"))
        .contains(
            "api --silent --method DELETE"
                + " repos/example/escala/environments/dev/deployment-branch-policies/7");
  }

  @Test
  void thereMayBeMoreEnvironments() throws IOException, InterruptedException {
    List<String> asked =
        asked(
            "--repository", "example/escala", "--reviewer", "ana", "--system-environment", "test");

    assertThat(ofEnvironment(asked, "test-plan ")).hasSize(1);
    assertThat(ofEnvironment(asked, "dev ")).isEmpty();
  }
}
