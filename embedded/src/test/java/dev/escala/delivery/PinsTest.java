package dev.escala.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever builds, tests and scans is the same tomorrow as today. */
class PinsTest {
  private static final Path ROOT = Path.of("..");
  private static final String REQUIREMENTS = ".ci/tools/requirements.txt";
  private static final Pattern DIGEST = Pattern.compile("@sha256:[0-9a-f]{64}\\b");

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  @Test
  void packagesOfNpmComeFromALockWithoutAddresses() throws IOException {
    JsonNode lock = JsonMapper.shared().readTree(read(".ci/tools/package-lock.json"));
    List<Map.Entry<String, JsonNode>> packages =
        lock.path("packages").properties().stream()
            .filter(entry -> !entry.getKey().isEmpty())
            .toList();

    assertThat(packages).hasSizeGreaterThan(50);
    assertThat(packages)
        .allSatisfy(
            entry -> {
              assertThat(entry.getValue().path("integrity").asString("")).startsWith("sha");
              assertThat(entry.getValue().has("resolved")).as(entry.getKey()).isFalse();
            });
  }

  @Test
  void nothingIsInstalledPastTheLock() throws IOException {
    StringBuilder scripts = new StringBuilder(read(".ci/run"));
    for (Workflow workflow : Workflow.shipped()) {
      scripts.append(workflow.text());
    }
    assertThat(scripts.toString()).contains("npm ci").doesNotContain("npx ", "npm install");
    assertThat(scripts.toString().lines().filter(line -> line.contains("pip install")))
        .allMatch(
            line ->
                line.contains("==")
                    || line.contains("--requirement " + REQUIREMENTS)
                    || line.strip().endsWith("\\"));
  }

  /** Terraform looks at no root whose modules are not there, and ends. */
  @Test
  void theProviderIsMirroredOnceTheModulesAreThere() throws IOException {
    assertThat(read(".github/workflows/verify.yml"))
        .containsSubsequence("terraform -chdir=infra/system get\n", "providers mirror");
  }

  /** Checkov and zizmor run in every scan, and a rule is skipped for a reason. */
  @Test
  void whatAnybodyWouldDemandIsCheckedByPrograms() throws IOException {
    assertThat(read(REQUIREMENTS).lines().filter(line -> !line.startsWith("#")))
        .hasSize(2)
        .allMatch(line -> line.matches("(checkov|zizmor)==\\d+\\.\\d+\\.\\d+"));
    assertThat(read(".github/workflows/scan.yml"))
        .contains("checkov --config-file .ci/checkov.yaml", "zizmor --offline .github")
        .doesNotContain("soft-fail", "continue-on-error");
    assertThat(read(".ci/checkov.yaml").lines().filter(line -> line.startsWith("  - ")))
        .isNotEmpty()
        .allMatch(line -> line.matches("  - CKV2?_[A-Z]+_\\d+ +# \\S.*"));
  }

  @Test
  void theImageIsMadeOfDigests() throws IOException {
    String dockerfile = read("Dockerfile");
    List<String> bases = dockerfile.lines().filter(line -> line.startsWith("FROM ")).toList();
    assertThat(bases).hasSize(2).allMatch(DIGEST.asPredicate());
    assertThat(dockerfile).as("a frontend would be another image").doesNotContain("# syntax");
  }

  @Test
  void whatBuildsTheImageIsADigest() throws IOException {
    List<JsonNode> builders =
        Workflow.shipped().stream()
            .flatMap(workflow -> workflow.jobs().stream())
            .flatMap(job -> job.steps().stream())
            .filter(step -> step.path("uses").asString("").startsWith("docker/setup-buildx-action"))
            .toList();
    assertThat(builders).hasSizeGreaterThan(2);
    assertThat(builders)
        .allMatch(step -> DIGEST.matcher(step.at("/with/driver-opts").asString("")).find());
  }

  @Test
  void theProviderIsOneVersion() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("infra"))) {
      List<String> versions =
          files
              .filter(
                  file -> file.endsWith("versions.tf") && !file.toString().contains(".terraform"))
              .map(PinsTest::version)
              .distinct()
              .toList();
      assertThat(versions).containsExactly("version = \"5.100.0\"");
    }
  }

  private static String version(Path file) {
    try {
      return Files.readString(file)
          .lines()
          .map(String::strip)
          .filter(line -> line.startsWith("version "))
          .findFirst()
          .orElseThrow();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void secretsAreLookedForByRules() throws IOException {
    JsonNode rules = JsonMapper.shared().readTree(read(".secretlintrc.json")).path("rules");
    assertThat(rules.path(0).path("id").asString())
        .isEqualTo("@secretlint/secretlint-rule-preset-recommend");
    assertThat(read(".github/workflows/scan.yml")).contains("secretlint --secretlintignore");
  }
}
