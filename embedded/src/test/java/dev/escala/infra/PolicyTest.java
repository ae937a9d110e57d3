package dev.escala.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.infra.policy.Plan;
import dev.escala.infra.policy.Rule;
import dev.escala.moto.Moto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each rule refuses what was planted for it; the plans of prod and of the shared parts hold all.
 */
class PolicyTest {
  private static final String DOMAIN = "example.org";

  static List<Rule> rules() {
    return Rule.all();
  }

  @Test
  void everyRuleHasAnIdOfItsOwn() {
    assertThat(rules()).hasSizeGreaterThan(60);
    assertThat(rules().stream().map(Rule::id).collect(Collectors.toSet())).hasSameSizeAs(rules());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void refusesWhatIsPlantedForIt(Rule rule) throws IOException {
    Plan planted = Planted.forRule(rule.id());

    assertThat(rule.seen(planted)).isPositive();
    assertThat(rule.violations(planted)).isNotEmpty();
  }

  @Test
  @Tag("long")
  void theRootsHoldAllRules(@TempDir Path directory) throws IOException, InterruptedException {
    Terraform terraform = Terraform.orSkip(directory.resolve("copy"));
    try (Moto moto = Emulation.orSkip()) {
      Plan prod = plan(terraform, moto, "system");
      Plan shared = plan(terraform, moto, "shared");

      Exceptions.none().assertHeldBy(prod);
      Exceptions.none().assertHeldBy(shared);
      assertThat(rules())
          .as("a rule that looks at nothing proves nothing")
          .allMatch(rule -> rule.seen(prod) + rule.seen(shared) > 0);
    }
  }

  private static Plan plan(Terraform terraform, Moto moto, String root)
      throws IOException, InterruptedException {
    new Emulation(terraform, moto.endpoint()).redirect(root);
    Files.writeString(
        terraform.folder(root).resolve("terraform.tfvars"),
        root.equals("system")
            ? Variables.of("flights-prod", moto.createZone(DOMAIN))
            : Variables.shared());
    terraform.initWithState(root);
    terraform.run(root, "plan", "-out=policy.tfplan").orFail();
    return Plan.read(terraform.run(root, "show", "-json", "policy.tfplan").orFail().output());
  }
}
