package dev.escala.infra;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a plan would change, though nobody has changed anything: attributes by the type of resource,
 * and {@code replaced} where it would be made anew.
 */
record Drift(Map<String, Set<String>> attributes) {
  private static final String REPLACED = "replaced";

  /**
   * What moto 5.2.1 takes and does not tell again, so that each plan has it. On AWS it must not be
   * there.
   */
  private static final Map<String, Set<String>> OF_THE_EMULATOR =
      Map.ofEntries(
          Map.entry("aws_acm_certificate", Set.of(REPLACED)),
          Map.entry("aws_acm_certificate_validation", Set.of(REPLACED)),
          Map.entry("aws_route53_record", Set.of(REPLACED)),
          Map.entry("aws_lb_listener", Set.of("certificate_arn")),
          Map.entry(
              "aws_db_instance",
              Set.of(
                  "database_insights_mode",
                  "monitoring_interval",
                  "monitoring_role_arn",
                  "network_type",
                  "performance_insights_enabled",
                  "performance_insights_kms_key_id",
                  "performance_insights_retention_period")),
          Map.entry("aws_db_parameter_group", Set.of("parameter")),
          Map.entry(
              "aws_ecs_service",
              Set.of(
                  "availability_zone_rebalancing",
                  "enable_ecs_managed_tags",
                  "health_check_grace_period_seconds")),
          Map.entry(
              "aws_sns_topic",
              Set.of(
                  "signature_version",
                  "sqs_failure_feedback_role_arn",
                  "sqs_success_feedback_role_arn")),
          // Names the id of the database above, and is read anew once that is changed.
          Map.entry("aws_iam_role_policy", Set.of("policy")),
          // The same policies with a list of one instead of a text.
          Map.entry("aws_sns_topic_policy", Set.of("policy")),
          Map.entry("aws_sqs_queue", Set.of("redrive_policy")),
          Map.entry("aws_sqs_queue_policy", Set.of("policy")),
          Map.entry("aws_vpc_security_group_egress_rule", Set.of("description")),
          Map.entry("aws_vpc_security_group_ingress_rule", Set.of("description")));

  /** Reads the answer of {@code terraform show -json PLAN}. */
  static Drift of(String plan) {
    Map<String, Set<String>> attributes = new TreeMap<>();
    for (JsonNode resource : JsonMapper.shared().readTree(plan).path("resource_changes")) {
      Set<String> changed = changed(resource.path("change"));
      if (!changed.isEmpty()) {
        attributes
            .computeIfAbsent(resource.path("type").asString(), type -> new TreeSet<>())
            .addAll(changed);
      }
    }
    return new Drift(attributes);
  }

  private static Set<String> changed(JsonNode change) {
    Set<String> actions =
        change.path("actions").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
    if (!actions.contains("update")) {
      boolean still = Set.of("no-op").equals(actions) || Set.of("read").equals(actions);
      return still ? Set.of() : Set.of(REPLACED);
    }
    Set<String> changed = new TreeSet<>();
    for (Map.Entry<String, JsonNode> after : change.path("after").properties()) {
      if (!after.getValue().equals(change.path("before").path(after.getKey()))) {
        changed.add(after.getKey());
      }
    }
    change.path("after_unknown").properties().stream()
        .filter(entry -> entry.getValue().asBoolean(false))
        .forEach(entry -> changed.add(entry.getKey()));
    return changed;
  }

  /** Without what the emulator forgets. */
  Map<String, Set<String>> unexplained() {
    Map<String, Set<String>> unexplained = new TreeMap<>();
    attributes.forEach(
        (type, changed) -> {
          Set<String> left = new TreeSet<>(changed);
          left.removeAll(OF_THE_EMULATOR.getOrDefault(type, Set.of()));
          if (!left.isEmpty()) {
            unexplained.put(type, left);
          }
        });
    return unexplained;
  }
}
