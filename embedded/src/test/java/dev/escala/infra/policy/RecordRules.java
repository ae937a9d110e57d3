package dev.escala.infra.policy;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Logs, buckets, alarms, tags: what is kept and who is told. */
final class RecordRules {
  private static final int A_YEAR = 365;
  private static final String LOG_GROUP = "aws_cloudwatch_log_group";
  private static final String BUCKET = "aws_s3_bucket";
  private static final List<String> TAGS = List.of("system", "env", "team", "tier", "managed-by");
  private static final Pattern KEY_MATERIAL =
      Pattern.compile(
          "AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\\s:@\"]+:[^/\\s@\"]+@");

  private RecordRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of(
            "CKV_AWS_66",
            "ends at some time",
            LOG_GROUP,
            log -> log.number("/retention_in_days") > 0),
        Rule.of(
            "CKV_AWS_158",
            "is encrypted with an own key",
            LOG_GROUP,
            log -> log.has("/kms_key_id")),
        Rule.of(
            "CKV_AWS_338",
            "is kept for a year; the samples of Container Insights for less",
            LOG_GROUP,
            log ->
                log.number("/retention_in_days") >= A_YEAR
                    || log.text("/name").startsWith("/aws/ecs/containerinsights/")),
        forEachBucket("CKV2_AWS_6", "is closed to the public", "aws_s3_bucket_public_access_block"),
        forEachBucket(
            "CKV2_AWS_61", "deletes what is old", "aws_s3_bucket_lifecycle_configuration"),
        forEachBucket(
            "CKV_AWS_19", "is encrypted", "aws_s3_bucket_server_side_encryption_configuration"),
        forEachBucket("CKV_AWS_21", "keeps versions", "aws_s3_bucket_versioning"),
        Rule.of(
            "ESC_18",
            "is closed to the public in all four ways",
            "aws_s3_bucket_public_access_block",
            block ->
                block.is("/block_public_acls")
                    && block.is("/block_public_policy")
                    && block.is("/ignore_public_acls")
                    && block.is("/restrict_public_buckets")),
        Rule.of(
            "CKV_AWS_319",
            "somebody is told",
            "aws_cloudwatch_metric_alarm",
            alarm ->
                alarm.values().at("/actions_enabled").asBoolean(true)
                    && alarm.has("/alarm_actions")),
        new Rule(
            "ESC_19",
            "is tagged with " + String.join(", ", TAGS),
            Set.of(),
            (resource, plan) ->
                !resource.values().has("tags_all")
                    || TAGS.stream().allMatch(tag -> resource.values().at("/tags_all").has(tag))),
        new Rule(
            "ESC_20",
            "contains no key and no password",
            Set.of(),
            (resource, plan) -> !KEY_MATERIAL.matcher(resource.values().toString()).find()));
  }

  private static Rule forEachBucket(String id, String text, String type) {
    return new Rule(
        id,
        text,
        Set.of(BUCKET),
        (bucket, plan) -> plan.of(type).count() >= plan.of(BUCKET).count());
  }
}
