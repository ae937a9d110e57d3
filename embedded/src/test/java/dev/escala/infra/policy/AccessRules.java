package dev.escala.infra.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Who may do what, and who reaches whom: IAM, keys, the network. */
final class AccessRules {
  private static final int HTTPS = 443;
  private static final String EVERYWHERE = "0.0.0.0/0";
  private static final String KEY = "aws_kms_key";
  private static final List<String> IDENTITY = List.of("aws_iam_role_policy", "aws_iam_policy");
  private static final List<String> OF_MESSAGES =
      List.of("aws_sns_topic_policy", "aws_sqs_queue_policy");
  private static final List<String> INGRESS = List.of("aws_vpc_security_group_ingress_rule");
  private static final List<String> EGRESS = List.of("aws_vpc_security_group_egress_rule");

  /** Actions that know no resource. */
  private static final Set<String> WITHOUT_RESOURCE =
      Set.of(
          "ecr:GetAuthorizationToken", "ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition");

  private AccessRules() {}

  static List<Rule> all() {
    return List.of(
        statements(
            "CKV_AWS_63",
            "allows no wildcard of actions",
            IDENTITY,
            s -> !actions(s).contains("*") && actions(s).stream().noneMatch(a -> a.endsWith(":*"))),
        Rule.of(
            "CKV_AWS_355",
            "names resources, but for actions that know none, and for boundaries, which grant"
                + " nothing",
            IDENTITY,
            policy ->
                policy.address().endsWith(".boundary")
                    || allowed(policy, "/policy").allMatch(AccessRules::namesResources)),
        Rule.of(
            "CKV_AWS_274",
            "is not an administrator",
            "aws_iam_role_policy_attachment",
            attachment -> !attachment.text("/policy_arn").endsWith("/AdministratorAccess")),
        trust(
            "CKV_AWS_60",
            "is not taken by any service of AWS",
            s -> !texts(s, "/Principal/Service").contains("*")),
        trust(
            "CKV_AWS_61",
            "is not taken by any identity",
            s ->
                !s.at("/Principal").asString("").equals("*")
                    && !texts(s, "/Principal/AWS").contains("*")),
        Rule.of("CKV_AWS_7", "rotates", KEY, key -> key.is("/enable_key_rotation")),
        Rule.of("CKV2_AWS_64", "has a policy", KEY, key -> key.has("/policy")),
        statements("CKV_AWS_33", "lets nobody in by a wildcard", List.of(KEY), s -> !anybody(s)),
        statements(
            "CKV_AWS_385",
            "lets anybody in only under a condition",
            OF_MESSAGES,
            s -> !anybody(s) || s.has("Condition")),
        statements(
            "CKV_AWS_387",
            "allows no wildcard of actions",
            OF_MESSAGES,
            s -> actions(s).stream().noneMatch(a -> a.endsWith("*"))),
        Rule.of(
            "ESC_16",
            "refuses what comes without TLS",
            List.of("aws_sns_topic_policy", "aws_sqs_queue_policy", "aws_s3_bucket_policy"),
            policy ->
                policy
                    .json("/policy")
                    .map(AccessRules::deniesPlainText)
                    .orElse(policy.willHave("/policy"))),
        Rule.of(
            "CKV_AWS_24",
            "nobody is let in from everywhere",
            INGRESS,
            rule -> !rule.text("/cidr_ipv4").equals(EVERYWHERE) && !rule.has("/cidr_ipv6")),
        Rule.of(
            "ESC_17",
            "only HTTPS goes out to everywhere",
            EGRESS,
            rule ->
                !rule.text("/cidr_ipv4").equals(EVERYWHERE)
                    || (rule.number("/to_port") == HTTPS && rule.number("/from_port") == HTTPS)),
        Rule.of(
            "CKV_AWS_23",
            "says what it is for",
            List.of(
                "aws_security_group",
                "aws_vpc_security_group_ingress_rule",
                "aws_vpc_security_group_egress_rule"),
            rule ->
                !rule.text("/description").isEmpty()
                    && !rule.text("/description").equals("Managed by Terraform")),
        new Rule(
            "CKV2_AWS_5",
            "somebody uses it",
            Set.of("aws_security_group"),
            (group, plan) ->
                !group.has("/id") || group.willHave("/id") || isNamedElsewhere(group, plan)),
        Rule.of(
            "CKV2_AWS_12",
            "the default group is closed",
            "aws_default_security_group",
            group -> group.each("/ingress").isEmpty() && group.each("/egress").isEmpty()),
        new Rule(
            "CKV2_AWS_11",
            "its traffic is logged",
            Set.of("aws_vpc"),
            (vpc, plan) -> plan.of("aws_flow_log").count() >= plan.of("aws_vpc").count()),
        Rule.of(
            "CKV_AWS_130",
            "gives no public addresses",
            "aws_subnet",
            subnet -> !subnet.is("/map_public_ip_on_launch")));
  }

  private static boolean isNamedElsewhere(Resource group, Plan plan) {
    String id = group.text("/id");
    return plan.resources().stream()
        .filter(
            other -> !other.type().startsWith("aws_vpc_security_group_") && !other.equals(group))
        .anyMatch(other -> other.values().toString().contains(id));
  }

  /** Statements that allow; a policy that is not known before apply is held once it is. */
  private static Rule statements(
      String id, String text, List<String> types, Predicate<JsonNode> holds) {
    return Rule.of(id, text, types, policy -> allowed(policy, "/policy").allMatch(holds));
  }

  private static boolean namesResources(JsonNode statement) {
    return !texts(statement, "/Resource").contains("*")
        || WITHOUT_RESOURCE.containsAll(actions(statement));
  }

  private static Rule trust(String id, String text, Predicate<JsonNode> holds) {
    return Rule.of(
        id, text, "aws_iam_role", role -> allowed(role, "/assume_role_policy").allMatch(holds));
  }

  private static java.util.stream.Stream<JsonNode> allowed(Resource resource, String pointer) {
    return resource.json(pointer).stream()
        .flatMap(policy -> all(policy.at("/Statement")).stream())
        .filter(statement -> statement.at("/Effect").asString("").equals("Allow"));
  }

  private static boolean deniesPlainText(JsonNode policy) {
    return all(policy.at("/Statement")).stream()
        .anyMatch(
            s ->
                s.at("/Effect").asString("").equals("Deny")
                    && s.at("/Condition/Bool/aws:SecureTransport").asString("").equals("false"));
  }

  private static boolean anybody(JsonNode statement) {
    return statement.at("/Principal").asString("").equals("*")
        || texts(statement, "/Principal/AWS").contains("*");
  }

  private static List<String> actions(JsonNode statement) {
    return texts(statement, "/Action");
  }

  /** IAM writes a list of one as a text. */
  private static List<String> texts(JsonNode node, String pointer) {
    return all(node.at(pointer)).stream().map(text -> text.asString("")).toList();
  }

  private static List<JsonNode> all(JsonNode oneOrMany) {
    if (!oneOrMany.isArray()) {
      return oneOrMany.isMissingNode() ? List.of() : List.of(oneOrMany);
    }
    return new ArrayList<>(StreamSupport.stream(oneOrMany.spliterator(), false).toList());
  }
}
