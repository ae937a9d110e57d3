package dev.escala.infra;

import dev.escala.proofs.ServerProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * What ECS would start: the first container of a task definition.
 *
 * @param command behind the entry point of the image
 */
record EcsTask(List<String> command, Map<String, String> environment) {

  /** Of a task definition, as ECS describes it. */
  static EcsTask of(JsonNode taskDefinition) {
    JsonNode container = taskDefinition.at("/taskDefinition/containerDefinitions/0");
    Map<String, String> environment = new HashMap<>();
    for (JsonNode variable : container.at("/environment")) {
      environment.put(variable.at("/name").asString(), variable.at("/value").asString());
    }
    List<String> command =
        StreamSupport.stream(container.at("/command").spliterator(), false)
            .map(word -> word.asString())
            .toList();
    return new EcsTask(command, environment);
  }

  /** The same task with another value of a variable. */
  EcsTask with(String variable, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(variable, value);
    return new EcsTask(command, changed);
  }

  /** The command in a JVM of its own, with nothing else in its environment. */
  ProcessBuilder process() {
    ProcessBuilder process = ServerProcess.command(command.toArray(String[]::new));
    process.environment().clear();
    process.environment().putAll(environment);
    return process;
  }
}
