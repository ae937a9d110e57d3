package dev.escala.delivery;

import dev.escala.delivery.Iam.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a request means to IAM: its actions, with the resources and the condition keys that the
 * Service Authorization Reference of AWS names for them.
 */
final class Wishes {
  private static final String ACCOUNT = "eu-west-1:123456789012";

  private Wishes() {}

  static List<Wish> of(CloudRequest request) {
    JsonNode body = request.body();
    String action = request.action();
    return switch (action) {
      case "ecs:DescribeServices" ->
          each(body.path("services"), name -> service(body, name))
              .map(arn -> wish(action, arn))
              .toList();
      case "ecs:UpdateService" ->
          List.of(wish(action, service(body, body.path("service").asString())));
      case "ecs:DescribeTaskDefinition" -> List.of(wish(action, "*"));
      case "ecs:RegisterTaskDefinition" -> registering(body);
      case "ecs:RunTask" -> running(body);
      case "ecs:DescribeTasks" ->
          each(body.path("tasks"), arn -> arn).map(arn -> wish(action, arn)).toList();
      case "ecs:StopTask" -> List.of(wish(action, body.path("task").asString()));
      case "cloudwatch:DescribeAlarms" ->
          body.path("AlarmNames").isArray()
              ? alarms(action, body.path("AlarmNames").valueStream().map(JsonNode::asString))
              : alarms(
                  action,
                  body.properties().stream()
                      .filter(entry -> entry.getKey().startsWith("AlarmNames.member."))
                      .map(entry -> entry.getValue().asString()));
      default -> throw new AssertionError("what does " + action + " need?");
    };
  }

  private static List<Wish> alarms(String action, Stream<String> names) {
    return names
        .map(name -> wish(action, "arn:aws:cloudwatch:%s:alarm:%s".formatted(ACCOUNT, name)))
        .toList();
  }

  private static String service(JsonNode body, String name) {
    return "arn:aws:ecs:%s:service/%s/%s".formatted(ACCOUNT, body.path("cluster").asString(), name);
  }

  private static List<Wish> registering(JsonNode body) {
    List<Wish> wishes = new ArrayList<>(List.of(wish("ecs:RegisterTaskDefinition", "*")));
    if (!body.path("tags").isEmpty()) {
      wishes.add(
          new Wish(
              "ecs:TagResource",
              "arn:aws:ecs:%s:task-definition/%s:1"
                  .formatted(ACCOUNT, body.path("family").asString()),
              Map.of("ecs:CreateAction", "RegisterTaskDefinition")));
    }
    for (String role : List.of("taskRoleArn", "executionRoleArn")) {
      wishes.add(
          new Wish(
              "iam:PassRole",
              body.path(role).asString(),
              Map.of("iam:PassedToService", "ecs-tasks.amazonaws.com")));
    }
    return wishes;
  }

  private static List<Wish> running(JsonNode body) {
    String cluster =
        "arn:aws:ecs:%s:cluster/%s".formatted(ACCOUNT, body.path("cluster").asString());
    return List.of(
        new Wish(
            "ecs:RunTask", body.path("taskDefinition").asString(), Map.of("ecs:cluster", cluster)));
  }

  private static Stream<String> each(JsonNode array, Function<String, String> arn) {
    return array.valueStream().map(JsonNode::asString).map(arn);
  }

  private static Wish wish(String action, String resource) {
    return new Wish(action, resource, Map.of());
  }
}
