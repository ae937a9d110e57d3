package dev.escala.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Values that are given to the roots. */
final class Variables {
  private static final String ZONE = "Z0123456789ABCDEFGHIJ";

  private Variables() {}

  /** The committed values of a system, with a hosted zone that is there. */
  static String of(String system, String zone) throws IOException {
    String values = Files.readString(Path.of("..", "infra", "systems", system + ".tfvars"));
    if (!values.contains(ZONE)) {
      throw new IllegalStateException(system + " has another zone");
    }
    return values.replace(ZONE, zone);
  }

  static String shared() {
    return """
    team               = "platform"
    github             = { repository = "example/escala" }
    state_bucket       = "example-escala-states"
    alert_emails       = ["on-call@example.org"]
    monthly_budget_usd = 1500
    """;
  }
}
