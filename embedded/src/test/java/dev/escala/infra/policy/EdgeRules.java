package dev.escala.infra.policy;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Load balancer and web firewall. */
final class EdgeRules {
  private static final String LOAD_BALANCER = "aws_lb";
  private static final String LISTENER = "aws_lb_listener";
  private static final String FIREWALL = "aws_wafv2_web_acl";

  private EdgeRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            "CKV_AWS_2",
            "is reached over HTTPS, and HTTP is sent there",
            LISTENER,
            listener -> isHttps(listener) || isSentToHttps(listener)),
        Rule.of(
            "CKV2_AWS_74",
            "TLS is 1.2 or 1.3",
            LISTENER,
            listener ->
                !isHttps(listener)
                    || listener.text("/ssl_policy").startsWith("ELBSecurityPolicy-TLS13-1-2")),
        lb("CKV_AWS_91", "requests are logged", lb -> lb.is("/access_logs/0/enabled")),
        lb("ESC_6", "connections are logged", lb -> lb.is("/connection_logs/0/enabled")),
        lb(
            "CKV_AWS_131",
            "invalid headers are dropped",
            lb -> lb.is("/drop_invalid_header_fields")),
        lb("CKV_AWS_150", "resists deletion", lb -> lb.is("/enable_deletion_protection")),
        lb(
            "CKV_AWS_328",
            "ambiguous requests are not passed on",
            lb -> Set.of("defensive", "strictest").contains(lb.text("/desync_mitigation_mode"))),
        Rule.of(
            "CKV_AWS_261",
            "targets are asked whether they are well",
            "aws_lb_target_group",
            group -> !group.text("/health_check/0/path").isEmpty()),
        new Rule(
            "CKV2_AWS_28",
            "has a firewall before it",
            Set.of(LOAD_BALANCER),
            (lb, plan) ->
                plan.of("aws_wafv2_web_acl_association").count() >= plan.of(LOAD_BALANCER).count()),
        Rule.of(
            "CKV_AWS_175", "has rules", FIREWALL, firewall -> !firewall.each("/rule").isEmpty()),
        Rule.of(
            "CKV_AWS_342",
            "each rule has an action",
            FIREWALL,
            firewall ->
                firewall.each("/rule").stream()
                    .allMatch(rule -> has(rule, "/action") || has(rule, "/override_action"))),
        Rule.of(
            "CKV2_AWS_76",
            "knows the inputs of Log4j's hole, and blocks them",
            FIREWALL,
            firewall -> firewall.each("/rule").stream().anyMatch(EdgeRules::blocksKnownBadInputs)),
        Rule.of(
            "ESC_7",
            "addresses that ask too often are refused",
            FIREWALL,
            firewall ->
                firewall.each("/rule").stream()
                    .anyMatch(rule -> has(rule, "/statement/0/rate_based_statement"))),
        new Rule(
            "CKV2_AWS_31",
            "what the firewall does is logged",
            Set.of(FIREWALL),
            (firewall, plan) ->
                plan.of("aws_wafv2_web_acl_logging_configuration").count()
                    >= plan.of(FIREWALL).count()));
  }

  private static Rule lb(String id, String text, java.util.function.Predicate<Resource> holds) {
    return Rule.of(id, text, LOAD_BALANCER, holds);
  }

  private static boolean isHttps(Resource listener) {
    return listener.text("/protocol").equals("HTTPS");
  }

  private static boolean isSentToHttps(Resource listener) {
    return listener.text("/default_action/0/redirect/0/protocol").equals("HTTPS")
        && listener.text("/default_action/0/redirect/0/status_code").equals("HTTP_301");
  }

  private static boolean has(JsonNode node, String pointer) {
    return node.at(pointer).isContainer() && !node.at(pointer).isEmpty();
  }

  private static boolean blocksKnownBadInputs(JsonNode rule) {
    JsonNode group = rule.at("/statement/0/managed_rule_group_statement/0");
    return group.at("/name").asString("").equals("AWSManagedRulesKnownBadInputsRuleSet")
        && group.at("/rule_action_override").isEmpty()
        && rule.at("/override_action/0/count").isEmpty();
  }
}
