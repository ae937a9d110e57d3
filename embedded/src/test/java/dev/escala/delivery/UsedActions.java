package dev.escala.delivery;

import dev.escala.delivery.Workflow.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The actions of AWS that scripts and workflows use, read off their text. */
final class UsedActions {
  private static final Path REPOSITORY = Path.of("..");
  private static final Pattern COMMAND = Pattern.compile("\\baws ([a-z0-9]+) ([a-z]+(?:-[a-z]+)*)");
  private static final Pattern SCRIPT = Pattern.compile("(?:ops/deploy/|\\$here/)([a-z]+)");

  private static final Set<String> PUSH =
      Set.of(
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart");

  /** What is no command of AWS and yet asks it; each as its documentation says. */
  private static final Map<String, Set<String>> OTHERS =
      Map.of(
          "aws-actions/amazon-ecr-login", Set.of("ecr:GetAuthorizationToken"),
          "gh attestation verify", Set.of("ecr:BatchGetImage"),
          "docker/build-push-action", PUSH,
          "docker buildx imagetools", PUSH,
          "actions/attest-", PUSH);

  /** What IAM asks for besides. */
  private static final Map<String, Set<String>> BESIDES =
      Map.of("ecs:RegisterTaskDefinition", Set.of("ecs:TagResource", "iam:PassRole"));

  private UsedActions() {}

  /** Of the jobs that take the role of this kind, and the scripts they run. */
  static Set<String> of(String roleVariable, List<Workflow> workflows) throws IOException {
    Set<String> actions = new TreeSet<>();
    for (Workflow workflow : workflows) {
      for (Job job : workflow.jobs()) {
        if (job.tree().toString().contains("vars." + roleVariable + " ")) {
          for (JsonNode step : job.steps()) {
            actions.addAll(of(step.path("uses").asString("")));
            actions.addAll(of(step.path("run").asString("")));
          }
        }
      }
    }
    return actions;
  }

  /** Of a text of the shell, or the name of an action. */
  static Set<String> of(String text) throws IOException {
    Set<String> actions =
        COMMAND
            .matcher(text)
            .results()
            .map(found -> found.group(1) + ":" + operation(found.group(2)))
            .collect(Collectors.toCollection(TreeSet::new));
    OTHERS.forEach(
        (sign, meant) -> {
          if (text.contains(sign)) {
            actions.addAll(meant);
          }
        });
    for (String action : Set.copyOf(actions)) {
      actions.addAll(BESIDES.getOrDefault(action, Set.of()));
    }
    for (String script :
        SCRIPT.matcher(text).results().map(found -> found.group(1)).distinct().toList()) {
      Path file = REPOSITORY.resolve("ops/deploy").resolve(script);
      if (Files.exists(file)) {
        actions.addAll(of(withoutComments(Files.readString(file).replace("$here/" + script, ""))));
      }
    }
    return actions;
  }

  private static String withoutComments(String script) {
    return script
        .lines()
        .filter(line -> !line.strip().startsWith("#"))
        .collect(Collectors.joining("\n"));
  }

  /** {@code describe-services} is {@code DescribeServices}. */
  private static String operation(String command) {
    return Arrays.stream(command.split("-"))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining());
  }
}
