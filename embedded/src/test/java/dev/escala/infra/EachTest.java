package dev.escala.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code infra/system/each} with a Terraform that only writes down what it is told: each system has
 * its values and a state of its own.
 */
class EachTest {
  private static final Path SCRIPT = Path.of("..", "infra", "system", "each");

  @TempDir private Path directory;

  @BeforeEach
  void aTerraformThatWritesDown() throws IOException {
    Path program = directory.resolve("terraform");
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo "$TF_DATA_DIR: $*" >>'%s'
        """
            .formatted(directory.resolve("told")));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended each(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().keySet().removeIf(name -> name.startsWith("TF_"));
    process.environment().put("PATH", directory + ":" + System.getenv("PATH"));
    process.environment().put("STATE_BUCKET", "states");
    process.environment().putAll(environment);
    return Ended.run(process);
  }

  private List<String> told() throws IOException {
    return Files.readAllLines(directory.resolve("told"));
  }

  @Test
  void aSystemHasItsValuesAndAStateOfItsOwn() throws IOException, InterruptedException {
    each(Map.of("STATE_REGION", "eu-west-1"), "plan", "-lock=false", "--", "flights-dev").orFail();

    assertThat(told())
        .containsExactly(
            ".terraform/systems/flights-dev: init -input=false -reconfigure"
                + " -backend-config=bucket=states -backend-config=region=eu-west-1"
                + " -backend-config=key=systems/flights-dev.tfstate",
            ".terraform/systems/flights-dev: plan -var-file=../systems/flights-dev.tfvars"
                + " -lock=false");
  }

  @Test
  void withoutNamesItIsAllThatHaveValues() throws IOException, InterruptedException {
    each(Map.of(), "plan").orFail();

    assertThat(told())
        .filteredOn(line -> line.contains(": plan"))
        .hasSize(2)
        .allMatch(line -> line.matches("\\S+/(\\S+): plan -var-file=../systems/\\1\\.tfvars"));
  }

  @Test
  void aFleetIsOneFile() throws IOException, InterruptedException {
    String fleet = Path.of("..", "ops", "fleet", "fleet.yaml").toAbsolutePath().toString();
    each(Map.of("FLEET_FILE", fleet), "plan").orFail();
    assertThat(told().stream().filter(line -> line.contains(": plan"))).hasSize(50);

    each(Map.of("FLEET_FILE", fleet), "apply", "-var-file=all.tfvars", "--", "check-in-prod")
        .orFail();
    assertThat(told().getLast())
        .startsWith(".terraform/systems/check-in-prod: apply -var fleet_file=/")
        .endsWith("fleet.yaml -var system=check-in -var env=prod -var-file=all.tfvars");
  }

  @Test
  void whatIsAskedForTakesNoValues() throws IOException, InterruptedException {
    each(Map.of(), "output", "-raw", "topic_arn", "--", "flights-dev").orFail();

    assertThat(told().getLast()).endsWith(": output -raw topic_arn");
  }

  @Test
  void nothingIsDoneWithoutABucket() throws IOException, InterruptedException {
    assertThat(each(Map.of("STATE_BUCKET", ""), "apply").exitCode()).isEqualTo(2);
    assertThat(directory.resolve("told")).doesNotExist();
  }
}
