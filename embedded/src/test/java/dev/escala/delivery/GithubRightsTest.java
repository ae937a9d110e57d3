package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.delivery.Iam.Wish;
import dev.escala.infra.RenderedPolicies;
import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The roles of the pipeline have the rights that their jobs use: nothing is missing, and nothing is
 * there that nobody uses. The policies are those that Terraform renders; IAM is simulated.
 */
@Tag("integration")
@Tag("long")
class GithubRightsTest {
  @TempDir private static Path directory;
  private static RenderedPolicies policies;
  private static Iam boundary;

  @BeforeAll
  static void render() throws IOException, InterruptedException {
    policies = RenderedPolicies.orSkip(directory.resolve("copy"));
    boundary = Iam.of(List.of(document("boundary")));
  }

  private static String document(String role) {
    return Objects.requireNonNull(policies.documents().get(role), role);
  }

  private static Iam role(String name) {
    return Iam.of(List.of(document(name)));
  }

  @Test
  void whoDeploysHasWhatTheScriptsAndTheWorkflowUse() throws IOException {
    assertThat(UsedActions.of("DEPLOY_ROLE_ARN", Workflow.shipped()))
        .contains("ecs:UpdateService", "ecr:GetAuthorizationToken")
        .isEqualTo(new TreeSet<>(role("deploy-dev").actions()))
        .allMatch(boundary()::containsOrMatches);
  }

  @Test
  void whoPushesHasWhatTheWorkflowsUse() throws IOException {
    assertThat(UsedActions.of("PUSH_ROLE_ARN", Workflow.shipped()))
        .contains("ecr:PutImage")
        .isEqualTo(new TreeSet<>(role("push").actions()))
        .allMatch(boundary()::containsOrMatches);
  }

  /** The boundary, asked for an action alone. */
  private record Bound(Set<String> patterns) {
    boolean containsOrMatches(String action) {
      return patterns.stream().anyMatch(pattern -> Iam.matches(pattern, action));
    }
  }

  private static Bound boundary() {
    return new Bound(boundary.actions());
  }

  /** What changes something is in the boundary only if a role has it. */
  @Test
  void theBoundaryLeavesNoRoomForMore() {
    Set<String> changing =
        boundary.actions().stream()
            .filter(action -> !action.matches(".*:(Describe|Get|List).*"))
            .filter(action -> !action.equals("kms:Decrypt"))
            .collect(Collectors.toSet());
    Set<String> had = new TreeSet<>(role("push").actions());
    had.addAll(role("deploy-dev").actions());

    assertThat(changing).isNotEmpty().isSubsetOf(had);
  }

  @Test
  void aCommandThatNoPolicyKnowsIsFound() throws IOException {
    assertThat(UsedActions.of("aws ecs delete-service --cluster flights-dev"))
        .containsExactly("ecs:DeleteService")
        .doesNotContainAnyElementsOf(role("deploy-dev").actions());
  }

  @Test
  void nobodyWhoDeploysGetsAtTheSecretOfTheAdministrator() {
    Iam deploy = role("deploy-dev");
    String account = "eu-west-1:123456789012";
    for (String family : List.of("flights-dev-prepare", "flights-dev-prepare-deployed")) {
      assertThat(
              deploy.allows(
                  new Wish(
                      "ecs:RunTask",
                      "arn:aws:ecs:%s:task-definition/%s:1".formatted(account, family),
                      Map.of(
                          "ecs:cluster", "arn:aws:ecs:%s:cluster/flights-dev".formatted(account)))))
          .isFalse();
    }
    assertThat(
            deploy.allows(
                new Wish(
                    "iam:PassRole",
                    "arn:aws:iam::123456789012:role/flights-dev-prepare-execution",
                    Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com"))))
        .isFalse();
  }

  /** The real script under the real policy: deployed once, and once taken back. */
  @Test
  void theScriptRunsWithTheseRightsAlone() throws IOException, InterruptedException {
    try (Stage stage = Stage.orSkip(directory)) {
      Set<String> used = new ConcurrentSkipListSet<>();
      stage.reset();
      stage.cloud().guard = request -> refusal(role("deploy-dev"), request, used);

      Ended deployed = stage.deploy(Stage.NEW, Stage.version());
      assertThat(deployed.exitCode()).as(deployed.output()).isZero();
      stage.cloud().rollOut =
          definition -> definition.endsWith("api-deployed:2") ? "FAILED" : "COMPLETED";
      assertThat(stage.deploy(Stage.OLD, Stage.version()).exitCode()).isEqualTo(3);
      stage.cloud().program = command -> pause();
      assertThat(stage.deploy(Stage.OLD, Stage.version(), "--patience", "1").exitCode())
          .isEqualTo(1);

      assertThat(used)
          .as("the statements that it needed; the others are of the workflow")
          .containsExactlyInAnyOrder(
              "KeepTags",
              "MigrateAndTry",
              "PassTheRolesOfTheTasks",
              "Register",
              "UpdateTheServices",
              "WatchAndStopWhatWasStarted",
              "WatchTheAlarms");
    }
  }

  @Test
  void withoutARightTheScriptFails() throws IOException, InterruptedException {
    try (Stage stage = Stage.orSkip(directory)) {
      stage.reset();
      Iam planted = role("deploy-dev").without("MigrateAndTry");
      stage.cloud().guard = request -> refusal(planted, request, new ConcurrentSkipListSet<>());

      Ended ended = stage.deploy(Stage.NEW, Stage.version());

      assertThat(ended.exitCode()).isEqualTo(1);
      assertThat(ended.output()).contains("AccessDenied", "ecs:RunTask");
    }
  }

  private static int pause() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }

  private static Optional<String> refusal(Iam policy, CloudRequest request, Set<String> used) {
    for (Wish wish : Wishes.of(request)) {
      if (!policy.allows(wish) || !boundary.allows(wish)) {
        return Optional.of(
            "not authorized to perform %s on %s".formatted(wish.action(), wish.resource()));
      }
      policy.fitting(wish).forEach(statement -> used.add(statement.sid()));
    }
    return Optional.empty();
  }
}
