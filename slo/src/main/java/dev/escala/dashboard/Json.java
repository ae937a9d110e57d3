package dev.escala.dashboard;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Small pieces of the JSON of Grafana that occur in several places. */
final class Json {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Json() {}

  static ObjectNode object() {
    return NODES.objectNode();
  }

  static ArrayNode texts(String... values) {
    ArrayNode array = NODES.arrayNode();
    for (String value : values) {
      array.add(value);
    }
    return array;
  }

  /** The data source that the variable names, so that one file serves every installation. */
  static ObjectNode dataSource() {
    return object().put("type", "prometheus").put("uid", "${datasource}");
  }

  /** Only the last value of each series, for panels that show a number. */
  static ObjectNode lastValue() {
    ObjectNode reduce = object().put("fields", "").put("values", false);
    reduce.set("calcs", texts("lastNotNull"));
    return reduce;
  }
}
