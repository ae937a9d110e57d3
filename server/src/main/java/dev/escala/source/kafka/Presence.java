package dev.escala.source.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;

/** Whether any of the topics is there, asked now and then while the group gives nothing. */
final class Presence {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final KafkaSettings settings;
  private long askedNanos = System.nanoTime() - EVERY_NANOS;
  private Optional<String> missing = Optional.empty();

  Presence(KafkaSettings settings) {
    this.settings = settings;
  }

  /** What is wanted, where nothing of it is there; empty where something is. */
  Optional<String> missing(Consumer<?, ?> consumer) {
    long now = System.nanoTime();
    if (now - askedNanos > EVERY_NANOS) {
      askedNanos = now;
      Set<String> there = consumer.listTopics(PATIENCE).keySet();
      boolean none = there.stream().noneMatch(settings::reads);
      missing = none ? Optional.of(settings.names()) : Optional.empty();
    }
    return missing;
  }

  /** All of the topics by name that are not there; the pattern, where none fits it. */
  static Optional<String> absent(KafkaSettings settings, Consumer<?, ?> consumer) {
    Set<String> there = consumer.listTopics(PATIENCE).keySet();
    if (settings.pattern() != null) {
      return there.stream().anyMatch(settings::reads)
          ? Optional.empty()
          : Optional.of(settings.names());
    }
    String absent =
        settings.subscribe().stream()
            .filter(name -> !there.contains(name))
            .collect(Collectors.joining(", "));
    return absent.isEmpty() ? Optional.empty() : Optional.of(absent);
  }
}
