package dev.escala.proofs;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code /health} answered.
 *
 * @param checks the status of each check by its name
 */
record HealthPicture(int httpStatus, String status, Map<String, String> checks, String text) {

  static HealthPicture of(HttpResponse<String> answer) {
    JsonNode health = JsonMapper.shared().readTree(answer.body());
    Map<String, String> checks = new TreeMap<>();
    for (Map.Entry<String, JsonNode> check : health.path("checks").properties()) {
      checks.put(check.getKey(), check.getValue().path("status").asString());
    }
    return new HealthPicture(
        answer.statusCode(), health.path("status").asString(), checks, answer.body());
  }

  boolean is(String check, String wanted) {
    return wanted.equals(checks.get(check));
  }

  /**
   * The checks that are not as they should be, with their status. How fast the reads of the last
   * minute were says as much about the machine that runs the tests, and is left out.
   */
  Map<String, String> troubles() {
    Map<String, String> troubles = new TreeMap<>(checks);
    troubles.remove("api");
    troubles.values().removeIf("ok"::equals);
    return troubles;
  }
}
