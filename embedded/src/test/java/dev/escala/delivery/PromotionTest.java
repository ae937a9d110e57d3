package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.delivery.Workflow.Job;
import dev.escala.moto.Moto;
import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is built once on main is what is tried, scanned, released and deployed. */
class PromotionTest {
  private static final String COMMIT = "4f1c0ffee0".repeat(4);

  private static Workflow workflow(String name) throws IOException {
    return Workflow.shipped().stream()
        .filter(workflow -> workflow.name().equals(name + ".yml"))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> builders(List<Workflow> workflows) {
    return workflows.stream()
        .filter(
            workflow ->
                workflow.text().contains("uses: ./.github/workflows/image.yml")
                    || workflow.text().contains("push=true"))
        .map(Workflow::name)
        .toList();
  }

  @Test
  void onlyAChangeOfMainBuildsAnImage() throws IOException {
    assertThat(builders(Workflow.shipped())).containsExactly("image.yml", "main.yml");
    assertThat(workflow("main").text()).contains("branches: [main]");
  }

  @Test
  void whatRunsIsVerifiedToComeFromMain() throws IOException {
    for (String name : List.of("deploy", "release")) {
      assertThat(workflow(name).text())
          .as(name)
          .contains("gh attestation verify", "--source-ref refs/heads/main")
          .contains("--source-digest \"$COMMIT\"", "/.github/workflows/image.yml");
    }
    assertThat(workflow("deploy").text()).contains("https://cyclonedx.org/bom");
  }

  /** Fargate runs arm64 (modules/task); a scan of amd64 looks at other packages. */
  @Test
  void whatRunsIsScannedBeforeItIsDeployed() throws IOException {
    Job scan =
        workflow("image").jobs().stream()
            .filter(job -> job.name().equals("scan"))
            .findFirst()
            .orElseThrow();
    JsonNode trivy = scan.steps().getLast();
    assertThat(trivy.at("/env/TRIVY_PLATFORM").asString()).isEqualTo("linux/arm64");
    assertThat(trivy.at("/with/image-ref").asString()).contains("needs.index.outputs.image");
    assertThat(trivy.at("/with/exit-code").asString()).isEqualTo("1");
  }

  /** One that waits for an approval in the same run holds back the changes behind it. */
  @Test
  void nothingOfMainWaitsForAPerson() throws IOException {
    assertThat(workflow("main").text()).doesNotContain("environment: prod");
    assertThat(workflow("production").text()).contains("environment: prod", "workflow_dispatch");
  }

  /** A token that ends during a slow roll-out could not take it back either. */
  @Test
  void theTokenOfADeploymentLastsAsLongAsItsJob() throws IOException {
    Job deploy = workflow("deploy").jobs().getFirst();
    int seconds =
        deploy.steps().stream()
            .map(step -> step.at("/with/role-duration-seconds"))
            .filter(JsonNode::isInt)
            .findFirst()
            .orElseThrow()
            .asInt();
    assertThat(seconds).isEqualTo(deploy.tree().path("timeout-minutes").asInt() * 60);
    assertThat(Files.readString(Path.of("../infra/modules/github_oidc/main.tf")))
        .contains("? %d : 3600".formatted(seconds));
  }

  @Test
  @Tag("integration")
  @Tag("long")
  void aReleaseGivesTheImageOfMainAnotherName() throws IOException, InterruptedException {
    for (String tool : List.of("aws", "jq")) {
      assumeTrue(Tool.isInstalled(tool), "SKIPPED: a release needs " + tool);
    }
    try (Moto moto = Moto.orSkip(Stage.REGION, Map.of())) {
      Shell shell =
          new Shell(
              Map.of(
                  "AWS_ENDPOINT_URL",
                  moto.endpoint().toString(),
                  "AWS_ACCESS_KEY_ID",
                  "test",
                  "AWS_SECRET_ACCESS_KEY",
                  "test",
                  "AWS_DEFAULT_REGION",
                  Stage.REGION));
      shell.must("aws", "ecr", "create-repository", "--repository-name", "escala");
      push(shell, COMMIT, "one");
      push(shell, "other", "two");

      String digest = promote(shell, "--commit", COMMIT).orFail().output().strip();
      assertThat(digest).matches("sha256:[0-9a-f]{64}");
      for (int times = 0; times < 2; times++) {
        assertThat(promote(shell, "--commit", COMMIT, "--tag", "v1.0.0").orFail().output())
            .isEqualToIgnoringWhitespace(digest);
      }
      assertThat(promote(shell, "--commit", "v1.0.0").output()).contains(digest);

      Ended taken = promote(shell, "--commit", "other", "--tag", "v1.0.0");
      assertThat(taken.exitCode()).isEqualTo(1);
      assertThat(taken.output()).contains("the tag v1.0.0 means " + digest);
      assertThat(promote(shell, "--commit", "unknown").output())
          .contains("main has pushed no image of the commit unknown");
    }
  }

  private static Ended promote(Shell shell, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("..", "ops", "deploy", "promote").toString());
    command.addAll(List.of("--repository", "escala"));
    command.addAll(List.of(arguments));
    return shell.run(command);
  }

  private static void push(Shell shell, String tag, String layer)
      throws IOException, InterruptedException {
    String hash = (Integer.toHexString(layer.hashCode()) + "0".repeat(64)).substring(0, 64);
    String blob =
        "{\"mediaType\": \"application/octet-stream\", \"size\": 1, \"digest\": \"sha256:%s\"}"
            .formatted(hash);
    shell.must(
        "aws",
        "ecr",
        "put-image",
        "--repository-name",
        "escala",
        "--image-tag",
        tag,
        "--image-manifest",
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
         "config": %s, "layers": [%s]}\
        """
            .formatted(blob, blob));
  }
}
