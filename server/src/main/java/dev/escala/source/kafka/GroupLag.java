package dev.escala.source.kafka;

import dev.escala.model.Backlog;
import dev.escala.source.Permits;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far the group is behind the ends of its topics, whoever of it reads what. Asks by a consumer
 * that never joins.
 */
final class GroupLag implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Consumers consumers;
  private final Permits permits;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable KafkaConsumer<byte[], byte[]> asking;
  private boolean closed;

  GroupLag(Consumers consumers, Permits permits) {
    this.consumers = consumers;
    this.permits = permits;
  }

  /** Empty where the brokers do not answer, which the polls report. */
  Optional<Backlog> look() {
    lock.lock();
    try {
      return closed ? Optional.empty() : Optional.of(measure(consumer()));
    } catch (KafkaException unanswered) {
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    KafkaConsumer<byte[], byte[]> known = asking;
    if (known == null) {
      known = consumers.open();
      asking = known;
    }
    return known;
  }

  private Backlog measure(KafkaConsumer<byte[], byte[]> consumer) {
    Set<TopicPartition> all =
        consumer.listTopics(PATIENCE).entrySet().stream()
            .filter(topic -> consumers.settings().reads(topic.getKey()))
            .flatMap(topic -> topic.getValue().stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .collect(Collectors.toSet());
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(all, PATIENCE);
    Set<TopicPartition> unread = new HashSet<>(all);
    unread.removeIf(partition -> committed.get(partition) != null);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all, PATIENCE);
    Map<TopicPartition, Long> begins =
        switch (consumers.settings().start()) {
          case EARLIEST -> consumer.beginningOffsets(unread, PATIENCE);
          case LATEST -> Map.of();
        };
    long lag = 0;
    for (TopicPartition partition : all) {
      long end = ends.getOrDefault(partition, 0L);
      OffsetAndMetadata reached = committed.get(partition);
      long next = reached == null ? begins.getOrDefault(partition, end) : reached.offset();
      lag += Math.max(0, end - next);
    }
    long held = Math.min(lag, permits.messagesHeld());
    return new Backlog(lag - held, held, 0, null);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (asking != null) {
        asking.close(CloseOptions.timeout(Duration.ZERO));
      }
    } finally {
      lock.unlock();
    }
  }
}
