package dev.escala.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a release has to show before requests reach it, read from an answer of {@code /health}. */
final class Smoke {
  private static final String CANARY = "canary ";

  private Smoke() {}

  /**
   * A sentence for each thing that does not hold yet.
   *
   * @param health the answer; missing where there was none
   * @param version what the build has to contain, such as a short commit
   */
  static List<String> faults(JsonNode health, String version) {
    if (!health.path("checks").isObject()) {
      return List.of("/health does not answer");
    }
    List<String> faults = new ArrayList<>();
    String found = health.path("version").asString("none");
    if (!found.contains(version)) {
      faults.add("version: %s answers, not %s".formatted(found, version));
    }
    for (Map.Entry<String, JsonNode> check : health.path("checks").properties()) {
      String name = check.getKey();
      if (check.getValue().path("status").asString("").equals("critical")) {
        faults.add(name + " is critical: " + check.getValue());
      } else if (name.startsWith(CANARY) && check.getValue().path("served").asLong(0) == 0) {
        faults.add(name + ": no marker has come back from the API yet");
      }
    }
    return faults;
  }
}
