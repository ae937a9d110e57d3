package dev.escala.app;

import dev.escala.access.AuthSettings;
import dev.escala.config.Section;
import dev.escala.source.kafka.KafkaSettings;
import dev.escala.source.sns.SnsPushSettings;
import dev.escala.source.sqs.SqsSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The list {@code sources}: what brings messages beside those who publish. */
record ConfiguredSources(
    List<SqsSettings> queues, List<KafkaSettings> kafka, List<SnsPushSettings> pushes) {
  private static final List<String> KINDS = List.of("kafka", "sns", "sqs");

  /**
   * Reads them; each item is of one kind.
   *
   * @param topics by name; empty where there may be any
   */
  static ConfiguredSources read(
      Section root, Optional<? extends Map<String, ?>> topics, AuthSettings auth) {
    ConfiguredSources sources =
        new ConfiguredSources(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Set<String> pushed = new HashSet<>();
    for (Section source : root.list("sources")) {
      String kind = kind(source);
      List<String> of =
          switch (kind) {
            case "kafka" -> sources.kafka(source);
            case "sns" -> sources.push(source, pushed, auth);
            case "sqs" -> sources.queue(source);
            default -> List.of();
          };
      of.forEach(topic -> requireTopic(source, kind, topic, topics));
    }
    return sources;
  }

  /** The first of the keys that is there; empty where none is, which is told once. */
  private static String kind(Section source) {
    for (String kind : KINDS) {
      if (source.has(kind)) {
        return kind;
      }
    }
    source.requireOne(KINDS);
    return "";
  }

  private static void requireTopic(
      Section source, String kind, String topic, Optional<? extends Map<String, ?>> topics) {
    if (topic.isEmpty()) {
      return; // said already
    }
    if (topics.isPresent() && !topics.get().containsKey(topic)) {
      source.reject(kind + ".topic", Configuration.unknown("topic", topic, topics.get()));
    } else if (!TopicName.isValid(topic)) {
      source.reject(kind + ".topic", "is not " + TopicName.RULE + ": " + topic);
    }
  }

  private List<String> queue(Section source) {
    SqsSettings queue = SqsSettings.read(source.section("sqs"));
    queues.add(queue);
    return List.of(queue.topic());
  }

  private List<String> kafka(Section source) {
    List<KafkaSettings> read = KafkaSettings.read(source.section("kafka"));
    kafka.addAll(read);
    return read.stream().map(KafkaSettings::topic).toList();
  }

  private List<String> push(Section source, Set<String> pushed, AuthSettings auth) {
    SnsPushSettings push = SnsPushSettings.read(source.section("sns"));
    if (!pushed.add(push.topic())) {
      source.reject("sns.topic", "has a source sns already, which may name several topic-arn");
    }
    if (push.raw() && !(auth instanceof AuthSettings.Locked)) {
      source.reject("sns.raw", "needs a lock (auth), since nothing else says who sends it");
    }
    pushes.add(push);
    return List.of(push.topic());
  }

  /**
   * Markers of the canary go where they are sent to: a topic of Kafka may be one that cannot take
   * them.
   *
   * @param topics those of which the canary writes to the source
   */
  void requireMarkersFit(Section root, List<String> topics) {
    for (String topic : topics) {
      boolean queued = queues.stream().anyMatch(queue -> queue.topic().equals(topic));
      kafka.stream()
          .filter(source -> !queued && source.topic().equals(topic))
          .findFirst()
          .flatMap(KafkaSettings::noMarkers)
          .ifPresent(
              why ->
                  root.reject(
                      "topics." + topic + ".canary", "must be http or off, not source: " + why));
    }
  }

  /** Whether one of them brings messages of the topic. */
  boolean bring(String topic) {
    return queues.stream().anyMatch(queue -> queue.topic().equals(topic))
        || kafka.stream().anyMatch(source -> source.topic().equals(topic))
        || pushes.stream().anyMatch(push -> push.topic().equals(topic));
  }
}
