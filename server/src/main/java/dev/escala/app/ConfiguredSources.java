package dev.escala.app;

import dev.escala.access.AuthSettings;
import dev.escala.config.Section;
import dev.escala.source.sns.SnsPushSettings;
import dev.escala.source.sqs.SqsSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The list {@code sources}: what brings messages beside those who publish. */
record ConfiguredSources(List<SqsSettings> queues, List<SnsPushSettings> pushes) {

  /**
   * Reads them.
   *
   * @param topics by name; empty where there may be any
   */
  static ConfiguredSources read(
      Section root, Optional<? extends Map<String, ?>> topics, AuthSettings auth) {
    List<SqsSettings> queues = new ArrayList<>();
    List<SnsPushSettings> pushes = new ArrayList<>();
    Set<String> pushed = new HashSet<>();
    for (Section source : root.list("sources")) {
      boolean isPush = source.has("sns");
      if (isPush) {
        SnsPushSettings push = SnsPushSettings.read(source.section("sns"));
        pushes.add(push);
        requireTopic(source, "sns", push.topic(), topics);
        if (!pushed.add(push.topic())) {
          source.reject("sns.topic", "has a source sns already, which may name several topic-arn");
        }
        if (push.raw() && !(auth instanceof AuthSettings.Locked)) {
          source.reject("sns.raw", "needs a lock (auth), since nothing else says who sends it");
        }
      }
      if (source.has("sqs") || !isPush) {
        SqsSettings queue = SqsSettings.read(source.section("sqs"));
        queues.add(queue);
        requireTopic(source, "sqs", queue.topic(), topics);
      }
    }
    return new ConfiguredSources(queues, pushes);
  }

  private static void requireTopic(
      Section source, String kind, String topic, Optional<? extends Map<String, ?>> topics) {
    if (!topic.isEmpty() && topics.isPresent() && !topics.get().containsKey(topic)) {
      source.reject(kind + ".topic", Configuration.unknown("topic", topic, topics.get()));
    }
  }
}
