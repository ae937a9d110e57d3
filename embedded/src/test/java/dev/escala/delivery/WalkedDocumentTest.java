package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.infra.EmulatedAccount;
import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/deploy-aws.md} as a script: each of its commands, in order and in one shell, from an
 * empty account to one that is empty again.
 */
@Tag("integration")
@Tag("long")
class WalkedDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "deploy-aws.md");
  private static final Pattern VALUES =
      Pattern.compile("^```hcl\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  @TempDir private static Path directory;

  /** What stands in capitals, as somebody would put their own; the longer ones first. */
  private static Map<String, String> own(String zone) {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("YOUR.PUBLIC.ADDRESS", "198.51.100.7");
    own.put("ON-CALL@EXAMPLE.ORG", "on-call@example.org");
    own.put("OWNER/REPOSITORY", "example/escala");
    own.put("EXAMPLE.ORG", "example.org");
    own.put("ORG-escala", "example-escala");
    own.put("ACCOUNT", "123456789012");
    own.put("COMMIT", "0123abc");
    own.put("DIGEST", "0123456789abcdef".repeat(4));
    own.put("SECONDS", "0");
    own.put("\"ZONE\"", "\"" + zone + "\"");
    return own;
  }

  private static String withOwn(String text, Map<String, String> own) {
    String changed = text;
    for (Map.Entry<String, String> value : own.entrySet()) {
      changed = changed.replace(value.getKey(), value.getValue());
    }
    return changed;
  }

  @Test
  void whatNoEmulatorRunsIsMarkedAndNamedHere() throws IOException {
    assertThat(WrittenCommands.of(Files.readString(DOCUMENT)).notRun())
        .extracting(command -> command.replaceFirst("^(\\S+=\\S+ )*(\\S+( \\S+)?).*", "$2"))
        .containsExactly(
            "gh api",
            "aws ecr", // ... | docker login
            "docker buildx",
            "docker pull",
            "docker tag",
            "docker push",
            "escala prepare", // of a database elsewhere
            "curl \"$(infra/system/each", // by a name in DNS
            "ops/deploy/environments --repository"); // asks GitHub
  }

  @Test
  void eachCommandWorksFromAnEmptyAccountToAnEmptyOne() throws IOException, InterruptedException {
    for (String tool : List.of("aws", "jq")) {
      assumeTrue(Tool.isInstalled(tool), "SKIPPED: the document needs " + tool);
    }
    String document = Files.readString(DOCUMENT);
    List<String> commands = WrittenCommands.of(document).run();
    assertThat(commands).hasSizeGreaterThan(15);
    try (EmulatedAccount account = EmulatedAccount.orSkip(directory.resolve("copy"));
        TaskRunner tasks = TaskRunner.before(account.endpoint())) {
      Map<String, String> own = own(account.createZone("example.org"));
      putOwnValues(document, account.folder(), own);

      Ended ended = Ended.run(shell(withOwn(script(commands), own), account, tasks));

      assertThat(ended.exitCode()).as(ended.output()).isZero();
      assertThat(ended.output().lines().filter(line -> line.startsWith("ran ")))
          .as("each of them")
          .hasSameSizeAs(commands);
      assertThat(tasks.actions())
          .as("logins are made, then a release is rolled out, then all goes")
          .containsSubsequence("RunTask", "UpdateService", "RegisterTaskDefinition", "RunTask")
          .endsWith("DeleteCluster", "DescribeClusters");
      assertThat(ended.output())
          .contains("deploy: deployed 0123abc", "restored as flights-dev-rehearsal")
          .contains("Destroy complete!");
    }
  }

  /** Stops at the first that fails, and says before which it was. */
  private static String script(List<String> commands) {
    StringBuilder script = new StringBuilder("set -euo pipefail\n");
    for (int i = 0; i < commands.size(); i++) {
      script.append(commands.get(i)).append('\n').append("echo ran ").append(i).append('\n');
    }
    return script.toString();
  }

  private static ProcessBuilder shell(String script, EmulatedAccount account, TaskRunner tasks)
      throws IOException {
    Path file = Files.writeString(account.folder().resolve("walk"), script);
    ProcessBuilder shell =
        new ProcessBuilder("bash", file.toString()).directory(account.folder().toFile());
    shell.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    shell.environment().remove("TF_CLI_CONFIG_FILE");
    shell.environment().putAll(account.environment());
    shell.environment().put("AWS_ENDPOINT_URL_ECS", tasks.url().toString());
    return shell;
  }

  /** As the document says: those of its values replace those that are committed. */
  private static void putOwnValues(String document, Path folder, Map<String, String> own)
      throws IOException {
    MatchResult values = VALUES.matcher(document).results().findFirst().orElseThrow();
    Path file = folder.resolve("infra/systems/flights-dev.tfvars");
    String text = Files.readString(file);
    for (String line : withOwn(values.group(1), own).lines().toList()) {
      String name = line.substring(0, line.indexOf(' '));
      assertThat(text).containsPattern("(?m)^" + name + " ");
      text = text.replaceFirst("(?m)^" + name + " .*$", Matcher.quoteReplacement(line));
    }
    Files.writeString(file, text);
  }
}
