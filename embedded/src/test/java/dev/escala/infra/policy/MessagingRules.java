package dev.escala.infra.policy;

import java.util.List;

/** SNS and SQS. */
final class MessagingRules {
  private static final int FOURTEEN_DAYS = 1_209_600;
  private static final int LEAST_RECEIVES = 20;
  private static final int MOST_RECEIVES = 50;
  private static final int LEAST_VISIBILITY = 30;
  private static final String TOPIC = "aws_sns_topic";
  private static final String QUEUE = "aws_sqs_queue";

  private MessagingRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("CKV_AWS_26", "a topic is encrypted", TOPIC, MessagingRules::hasKey),
        Rule.of("CKV_AWS_27", "a queue is encrypted", QUEUE, MessagingRules::hasKey),
        Rule.of(
            "CKV2_AWS_73",
            "the key is an own one: SNS cannot use the one of AWS",
            List.of(TOPIC, QUEUE),
            resource -> !resource.text("/kms_master_key_id").startsWith("alias/aws/")),
        Rule.of(
            "ESC_1",
            "messages are signed with SHA256",
            TOPIC,
            topic -> topic.number("/signature_version") == 2),
        Rule.of(
            "ESC_2",
            "what cannot be delivered goes to a dead-letter queue",
            "aws_sns_topic_subscription",
            subscription ->
                !subscription.text("/protocol").equals("sqs")
                    || subscription.has("/redrive_policy")),
        new Rule(
            "ESC_3",
            "a queue has a dead-letter queue or is one, and keeps messages for 14 days",
            java.util.Set.of(QUEUE),
            (queue, plan) ->
                queue.number("/message_retention_seconds") == FOURTEEN_DAYS
                    && (queue.has("/redrive_policy") || isDeadLetterQueue(queue))),
        Rule.of(
            "ESC_4",
            "restarts and outages do not use up the receives of a message",
            QUEUE,
            queue ->
                queue
                    .json("/redrive_policy")
                    .map(policy -> policy.at("/maxReceiveCount").asInt(0))
                    .map(count -> count >= LEAST_RECEIVES && count <= MOST_RECEIVES)
                    .orElse(true)),
        Rule.of(
            "ESC_5",
            "a received message stays hidden long enough",
            QUEUE,
            queue -> queue.number("/visibility_timeout_seconds") >= LEAST_VISIBILITY));
  }

  private static boolean hasKey(Resource resource) {
    return resource.has("/kms_master_key_id");
  }

  /** By its name: what names it may not be known yet. */
  private static boolean isDeadLetterQueue(Resource queue) {
    String name = queue.text("/name");
    return name.endsWith("-dead-letter") || name.endsWith("-undelivered");
  }
}
