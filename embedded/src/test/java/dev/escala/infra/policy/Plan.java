package dev.escala.infra.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The resources that are there after a plan is applied, as {@code terraform show -json} tells. */
public record Plan(List<Resource> resources) {

  public Plan {
    resources = List.copyOf(resources);
  }

  /** Reads the answer of {@code terraform show -json PLAN}. */
  public static Plan read(String json) {
    JsonNode root = Resource.parse(json);
    Map<String, JsonNode> unknown = new HashMap<>();
    for (JsonNode change : root.at("/resource_changes")) {
      unknown.put(change.at("/address").asString(""), change.at("/change/after_unknown"));
    }
    List<Resource> resources = new ArrayList<>();
    collect(root.at("/planned_values/root_module"), unknown, resources);
    return new Plan(resources);
  }

  private static void collect(
      JsonNode module, Map<String, JsonNode> unknown, List<Resource> resources) {
    for (JsonNode resource : module.at("/resources")) {
      String address = resource.at("/address").asString("");
      if (resource.at("/mode").asString("").equals("managed")) {
        resources.add(
            new Resource(
                address,
                resource.at("/type").asString(""),
                resource.at("/values"),
                unknown.getOrDefault(address, JsonNodeFactory.instance.objectNode())));
      }
    }
    for (JsonNode child : module.at("/child_modules")) {
      collect(child, unknown, resources);
    }
  }

  Stream<Resource> of(String type) {
    return resources.stream().filter(resource -> resource.type().equals(type));
  }
}
