package dev.escala.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.infra.Hcl.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The form of each module and root: what a reader may rely on. Needs no Terraform. */
class ConventionsTest {
  private static final Pattern RUN = Pattern.compile("expect_failures = \\[(.*?)]", Pattern.DOTALL);

  static List<String> folders() {
    return Hcl.folders();
  }

  static List<String> tested() {
    return Hcl.tested();
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyVariableAndOutputSaysWhatItIs(String folder) {
    List<Block> blocks = Hcl.blocks(Hcl.text(folder, ".tf"));
    assertThat(blocks).isNotEmpty();
    assertThat(violations(blocks)).isEmpty();
  }

  /** Variables have a type, a description and a validation; outputs a description. */
  private static List<String> violations(List<Block> blocks) {
    List<String> violations = new ArrayList<>();
    for (Block block : blocks) {
      List<String> wanted =
          switch (block.kind()) {
            case "variable" ->
                block.body().contains("= bool\n")
                    ? List.of("type", "description")
                    : List.of("type", "description", "validation");
            case "output" -> List.of("description", "value");
            default -> List.of();
          };
      wanted.stream()
          .filter(attribute -> !block.has(attribute))
          .map(attribute -> block.address() + " has no " + attribute)
          .forEach(violations::add);
    }
    return violations;
  }

  @Test
  void aPlantedVariableWithoutValidationIsFound() {
    assertThat(
            violations(
                Hcl.blocks(
                    """
                    variable "planted" {
                      type = string
                    }

                    output "planted" {
                      value = 1
                    }
                    """)))
        .containsExactly(
            "var.planted has no description",
            "var.planted has no validation",
            "output.planted has no description");
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyFolderHasItsParts(String folder) {
    assertThat(Hcl.exists(folder + "/README.md")).as("README.md").isTrue();
    assertThat(Hcl.text(folder, ".tf")).doesNotContain("source = \"terraform-aws-modules");
  }

  /** In the roots: a module is part of one, and is tested with the provider that a root has. */
  @ParameterizedTest
  @MethodSource("folders")
  void theProviderIsPinnedInEveryRoot(String folder) {
    if (Hcl.roots().contains(folder)) {
      assertThat(Hcl.text(folder, "versions.tf"))
          .contains("required_version = \">= 1.11\"", "version = \"5.100.0\"");
    } else {
      assertThat(Hcl.text(folder, ".tf")).doesNotContain("required_providers");
    }
  }

  /** {@code encrypt = true} asks S3 for its own key, past that of the bucket (state). */
  @Test
  void noStateGoesPastTheKeyOfItsBucket() {
    assertThat(Hcl.roots()).hasSizeGreaterThan(2);
    for (String root : Hcl.roots()) {
      assertThat(Hcl.text(root, "versions.tf")).as(root).doesNotContain("encrypt ");
    }
    assertThat(Hcl.text("state", ".tf")).contains("OnlyUnderTheKey");
  }

  /** Each check that can fail has a test that makes it fail. */
  @ParameterizedTest
  @MethodSource("tested")
  void everyCheckIsSeenToFail(String folder) {
    String expected =
        RUN.matcher(Hcl.text(folder + "/tests", ".tftest.hcl"))
            .results()
            .map(result -> result.group(1))
            .reduce("", (all, one) -> all + "," + one);
    List<String> failing = List.of(expected.split("[\\s,]+"));

    assertThat(
            Hcl.blocks(Hcl.text(folder, ".tf")).stream()
                .filter(b -> b.has("validation") || b.body().contains("precondition {"))
                .map(Block::address))
        .isNotEmpty()
        .isSubsetOf(failing);
  }
}
