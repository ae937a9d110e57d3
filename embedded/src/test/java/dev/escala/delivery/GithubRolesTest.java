package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.delivery.Workflow.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which environment's jobs may take a role stands twice, in the trust policies of AWS and in the
 * workflows. Where they differ, a deployment fails on a role that AWS does not give.
 */
class GithubRolesTest {
  private static final Path TRUST = Path.of("../infra/modules/github_oidc/main.tf");

  /** {@code push = "build"}, or {@code "plan-${name}" => "${name}-plan"}. */
  private static final Pattern SUBJECT =
      Pattern.compile("\\{ (?:for .* : )?\"?(\\w+)(?:-\\$\\{name})?\"? =>? (\\S+) },?");

  private static final Pattern ROLE = Pattern.compile("\\$\\{\\{ vars\\.(\\w+)_ROLE_ARN }}");

  @Test
  void eachRoleIsTakenInTheEnvironmentThatAwsTrusts() throws IOException {
    List<Map.Entry<String, String>> taken = taken(Workflow.shipped());
    Map<String, String> trusted = trusted();

    assertThat(taken).hasSizeGreaterThan(3).allSatisfy(role -> assertThat(trusted).contains(role));
    assertThat(trusted).containsOnlyKeys(taken.stream().map(Map.Entry::getKey).toList());
  }

  @Test
  void aRoleInTheWrongEnvironmentIsFound() throws IOException {
    Workflow deploy =
        Workflow.shipped().stream()
            .filter(workflow -> workflow.name().equals("deploy.yml"))
            .findFirst()
            .orElseThrow();
    String planted =
        deploy
            .text()
            .replace(
                "    environment: ${{ inputs.environment }}\n",
                "    environment: ${{ inputs.environment }}-plan\n");
    assertThat(planted).isNotEqualTo(deploy.text());

    assertThat(taken(List.of(Workflow.parse("deploy.yml", planted))))
        .singleElement()
        .isEqualTo(Map.entry("deploy", "NAME-plan"))
        .isNotIn(trusted().entrySet());
  }

  /** The roles of the Terraform by their kind; a name of an environment is {@code NAME}. */
  private static Map<String, String> trusted() throws IOException {
    String subjects =
        Files.readString(TRUST).replaceAll("(?s).*subjects = merge\\(|\\n  \\)\\n.*", "");
    Map<String, String> trusted = new TreeMap<>();
    for (String line : subjects.strip().lines().toList()) {
      MatchResult subject = SUBJECT.matcher(line.strip()).results().findFirst().orElseThrow();
      String environment = subject.group(2).replaceAll("\\$\\{name}|^name$", "NAME");
      trusted.put(subject.group(1), environment.replace("\"", ""));
    }
    return trusted;
  }

  private static List<Map.Entry<String, String>> taken(List<Workflow> workflows) {
    return workflows.stream()
        .flatMap(workflow -> workflow.jobs().stream())
        .flatMap(GithubRolesTest::taken)
        .toList();
  }

  private static Stream<Map.Entry<String, String>> taken(Job job) {
    String environment = job.tree().path("environment").asString("none");
    return job.steps().stream()
        .flatMap(step -> ROLE.matcher(step.path("with").toString()).results())
        .map(
            role ->
                Map.entry(
                    role.group(1).toLowerCase(Locale.ROOT),
                    environment.replaceAll("\\$\\{\\{ [^}]* }}", "NAME")));
  }
}
