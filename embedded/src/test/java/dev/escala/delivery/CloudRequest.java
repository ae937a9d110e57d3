package dev.escala.delivery;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client asked AWS for.
 *
 * @param service as policies call it, such as {@code ecs}
 * @param operation such as {@code UpdateService}
 * @param body its parameters: of a query protocol those of the form
 */
record CloudRequest(String service, String operation, JsonNode body) {
  /** The services that the scripts ask, by the first part of the header that names an operation. */
  private static final Map<String, String> SERVICES =
      Map.of(
          "AmazonEC2ContainerServiceV20141113", "ecs",
          "GraniteServiceVersion20100801", "cloudwatch",
          "AmazonEC2ContainerRegistry_V20150921", "ecr");

  /**
   * Reads one.
   *
   * @param target the header {@code X-Amz-Target}; null where the body is a form
   */
  static CloudRequest of(@Nullable String target, String body) {
    if (target == null) {
      ObjectNode form = form(body);
      return new CloudRequest("cloudwatch", form.path("Action").asString(""), form);
    }
    String[] parts = target.split("\\.", 2);
    String service = SERVICES.getOrDefault(parts[0], parts[0]);
    return new CloudRequest(
        service, parts[1], JsonMapper.shared().readTree(body.isEmpty() ? "{}" : body));
  }

  private static ObjectNode form(String body) {
    ObjectNode form = JsonMapper.shared().createObjectNode();
    for (String pair : body.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      if (parts.length == 2) {
        form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return form;
  }

  /** As policies name it. */
  String action() {
    return service + ":" + operation;
  }
}
