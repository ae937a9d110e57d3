package dev.escala.infra;

import dev.escala.infra.policy.Plan;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Fragments of plans, each of which one rule must refuse: planted.json. */
final class Planted {
  private Planted() {}

  static Plan forRule(String id) throws IOException {
    JsonMapper json = JsonMapper.shared();
    try (InputStream file = Planted.class.getResourceAsStream("planted.json")) {
      JsonNode planted = json.readTree(Objects.requireNonNull(file)).path(id);
      ObjectNode plan = json.createObjectNode();
      ArrayNode resources =
          plan.putObject("planned_values").putObject("root_module").putArray("resources");
      for (JsonNode resource : planted) {
        resources.add(
            ((ObjectNode) resource).put("mode", "managed").put("address", "planted." + id));
      }
      return Plan.read(plan.toString());
    }
  }
}
