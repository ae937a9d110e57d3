package dev.escala.infra;

import dev.escala.moto.Moto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The policies of the roles of the pipeline, as an apply to an emulator of AWS leaves them.
 *
 * @param documents by the role, such as {@code deploy-dev}, and {@code boundary}
 */
public record RenderedPolicies(Map<String, String> documents) {
  private static final String ROOT = "shared";
  private static final Pattern OF_A_ROLE =
      Pattern.compile(
          "module\\.github_oidc\\[0]\\.aws_iam_role_policy\\.(\\w+)(?:\\[\"(\\w+)\"])?");

  /** Skips the test, and says why, where Terraform, its provider or moto is missing. */
  public static RenderedPolicies orSkip(Path directory) throws IOException, InterruptedException {
    Terraform terraform = Terraform.orSkip(directory);
    try (Moto moto = Emulation.orSkip()) {
      new Emulation(terraform, moto.endpoint()).redirect(ROOT);
      Files.writeString(terraform.folder(ROOT).resolve("terraform.tfvars"), Variables.shared());
      terraform.initWithState(ROOT);
      terraform
          .run(
              ROOT,
              "apply",
              "-auto-approve",
              "-target=module.github_oidc",
              "-target=aws_ecr_repository.images")
          .orFail();
      return of(terraform.run(ROOT, "show", "-json").orFail().output());
    }
  }

  private static RenderedPolicies of(String state) {
    Map<String, String> documents = new TreeMap<>();
    for (JsonNode module :
        JsonMapper.shared().readTree(state).at("/values/root_module/child_modules")) {
      for (JsonNode resource : module.path("resources")) {
        String address = resource.path("address").asString();
        Matcher role = OF_A_ROLE.matcher(address);
        if (role.matches()) {
          String environment = role.group(2) == null ? "" : "-" + role.group(2);
          documents.put(role.group(1) + environment, resource.at("/values/policy").asString());
        } else if (address.equals("module.github_oidc[0].aws_iam_policy.boundary")) {
          documents.put("boundary", resource.at("/values/policy").asString());
        }
      }
    }
    return new RenderedPolicies(documents);
  }
}
