package dev.escala.source.kafka;

import dev.escala.config.Heap;
import dev.escala.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Topics of Kafka to read.
 *
 * @param brokers each as host:port
 * @param subscribe their names; empty where there is a pattern
 * @param pattern a regular expression that the whole name fits; null where there are names
 * @param topic the topic that their messages belong to here
 * @param group the consumer group, whose members share the partitions
 * @param format what the values of records are
 */
public record KafkaSettings(
    List<String> brokers,
    List<String> subscribe,
    @Nullable String pattern,
    String topic,
    String group,
    Start start,
    KafkaSecurity security,
    Limits permits,
    ValueFormat format) {
  public static final String GROUP = "escala";

  private static final Pattern BROKER = Pattern.compile("(\\[[^]]+]|[^:\\s]+):\\d{1,5}");

  /** Where a group begins to read a partition for which it has committed nothing. */
  public enum Start {
    /** With the oldest record that is there. */
    EARLIEST,
    /** With what comes from then on. */
    LATEST
  }

  /** How much is held unsettled at most, in messages and in bytes of their records. */
  public record Limits(int messages, long bytes) {
    public static final Limits DEFAULT = new Limits(10_000, Heap.part(8, 64 << 20));
  }

  public KafkaSettings {
    brokers = List.copyOf(brokers);
    subscribe = List.copyOf(subscribe);
  }

  /** One topic of the same name here, read from its beginning in clear text. */
  public static KafkaSettings of(String broker, String topic) {
    return new KafkaSettings(
        List.of(broker),
        List.of(topic),
        null,
        topic,
        GROUP,
        Start.EARLIEST,
        KafkaSecurity.NONE,
        Limits.DEFAULT,
        ValueFormat.JSON);
  }

  /**
   * Reads the section {@code kafka} of a source: one for all of its topics where {@code topic} says
   * where they go, else one for each of them.
   */
  public static List<KafkaSettings> read(Section section) {
    List<String> subscribe = section.texts("subscribe");
    @Nullable String pattern = pattern(section, subscribe);
    String topic = section.optionalText("topic").orElse("");
    KafkaSettings read =
        new KafkaSettings(
            brokers(section),
            subscribe,
            pattern,
            topic,
            section.text("group", GROUP),
            section.choice("start", Start.EARLIEST),
            KafkaSecurity.read(section),
            limits(section.section("permits")),
            ValueFormat.read(section));
    if (!topic.isEmpty()) {
      return List.of(read);
    }
    if (pattern != null) {
      section.reject("topic", "is missing: it says where the topics that fit the pattern go");
    }
    return subscribe.stream().map(read::only).toList();
  }

  private KafkaSettings only(String name) {
    return new KafkaSettings(
        brokers, List.of(name), null, name, group, start, security, permits, format);
  }

  private static List<String> brokers(Section section) {
    List<String> brokers = new ArrayList<>();
    for (String text : section.texts("brokers")) {
      for (String broker : text.split(",", -1)) {
        brokers.add(broker.strip());
      }
    }
    if (brokers.isEmpty()) {
      section.reject("brokers", "is missing");
    }
    for (String broker : brokers) {
      if (!BROKER.matcher(broker).matches()) {
        section.reject("brokers", "must be host:port, such as kafka-1:9092, not " + broker);
      }
    }
    return brokers;
  }

  private static @Nullable String pattern(Section section, List<String> subscribe) {
    String text = section.optionalText("pattern").orElse("");
    if (text.isEmpty() && subscribe.isEmpty()) {
      section.reject("subscribe", "is missing: the topics to read, or a pattern of their names");
    }
    if (text.isEmpty()) {
      return null;
    }
    if (!subscribe.isEmpty()) {
      section.reject("pattern", "stands beside subscribe; only one of them says what is read");
    }
    try {
      return Pattern.compile(text).pattern();
    } catch (PatternSyntaxException malformed) {
      section.reject("pattern", "is no regular expression of Java: " + malformed.getDescription());
      return null;
    }
  }

  private static Limits limits(Section permits) {
    long bytes = permits.bytes("bytes", Limits.DEFAULT.bytes());
    if (bytes < 1) {
      permits.reject("bytes", "must be at least 1");
    }
    return new Limits(
        permits.integer("messages", Limits.DEFAULT.messages(), 1, 1_000_000), Math.max(1, bytes));
  }

  /**
   * Why markers of the canary cannot be written to what is read; empty where they can, to the first
   * topic by name.
   */
  public Optional<String> noMarkers() {
    if (pattern != null) {
      return Optional.of("its source has a pattern, which names no topic to write to");
    }
    return readsJson()
        ? Optional.empty()
        : Optional.of("a marker is JSON, which whoever reads Avro from the topic would stumble on");
  }

  private boolean readsJson() {
    return switch (format) {
      case ValueFormat.Json _ -> true;
      case ValueFormat.AvroBySchema _ -> false;
      case ValueFormat.AvroByRegistry registry -> registry.orJson();
    };
  }

  /** The topics, for people. */
  public String names() {
    return pattern == null ? String.join(", ", subscribe) : "that fit " + pattern;
  }

  /** Whether a topic of that name is read. */
  boolean reads(String name) {
    return pattern == null ? subscribe.contains(name) : Pattern.matches(pattern, name);
  }
}
