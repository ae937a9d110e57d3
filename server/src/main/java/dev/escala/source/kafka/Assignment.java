package dev.escala.source.kafka;

import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.observe.Observer;
import dev.escala.source.Intake;
import dev.escala.source.kafka.KafkaPartition.Shared;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** The partitions that this member reads, as the group gives and takes them. Of one thread. */
final class Assignment implements ConsumerRebalanceListener {
  /** What is under way of a partition that goes to another member may end within that. */
  private static final Duration PARTING = Duration.ofSeconds(5);

  private static final Duration POSITION_WAIT = Duration.ofSeconds(1);
  private static final long COMMIT_EVERY_NANOS = Duration.ofMillis(100).toNanos();

  private final Consumer<byte[], byte[]> consumer;
  private final Shared shared;
  private final String topic;
  private final Observer observer;
  private final CountDownLatch closing;
  private final Map<TopicPartition, KafkaPartition> partitions = new HashMap<>();
  private boolean joined;
  private boolean committing;
  private long committedNanos = System.nanoTime() - COMMIT_EVERY_NANOS;

  Assignment(
      Consumer<byte[], byte[]> consumer,
      Shared shared,
      String topic,
      Observer observer,
      CountDownLatch closing) {
    this.consumer = consumer;
    this.shared = shared;
    this.topic = topic;
    this.observer = observer;
    this.closing = closing;
  }

  /** Whether the group has given it its part, be it nothing. */
  boolean joined() {
    return joined;
  }

  boolean isEmpty() {
    return partitions.isEmpty();
  }

  /** Whether something waits for what opens its value, such as an answer of a schema registry. */
  boolean isHeld() {
    return partitions.values().stream().anyMatch(KafkaPartition::isHeld);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    joined = true;
    added.forEach(partition -> partitions.put(partition, new KafkaPartition()));
  }

  /** What is settled in time does not come again at the next owner. */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    long deadline = System.nanoTime() + PARTING.toNanos();
    for (TopicPartition name : revoked) {
      KafkaPartition partition = partitions.get(name);
      if (partition != null) {
        takeBack(partition);
        awaitSettled(partition, deadline);
      }
    }
    if (closing.getCount() > 0) {
      commitNow(revoked, PARTING);
    } // else that was done, or nobody answers
    revoked.forEach(partitions::remove);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    joined = false;
    for (TopicPartition name : lost) {
      KafkaPartition partition = partitions.remove(name);
      if (partition != null) {
        takeBack(partition);
      }
    }
  }

  private void takeBack(KafkaPartition partition) {
    partition.drop();
    shared
        .intake()
        .remove(delivery -> delivery.isOf(partition.progress()))
        .forEach(KafkaDelivery::giveBack);
  }

  /** While nothing can be stored that would be waiting in vain, and at the end others waited. */
  private void awaitSettled(KafkaPartition partition, long deadline) {
    if (closing.getCount() == 0 || shared.intake().state() == Intake.State.PAUSED) {
      return;
    }
    try {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      var _ = partition.progress().awaitNothingUnderWay(left);
    } catch (InterruptedException hurried) {
      throw new InterruptException(hurried);
    }
  }

  /**
   * Before each poll: hands out what waits for permits, goes back to what was returned, and holds
   * all of which nothing may be polled now.
   *
   * @return whether something still waits for permits
   */
  boolean prepare(boolean open) {
    boolean waits = false;
    Set<TopicPartition> back = new HashSet<>();
    for (Map.Entry<TopicPartition, KafkaPartition> entry : partitions.entrySet()) {
      KafkaPartition partition = entry.getValue();
      if (partition.progress().goesBack()) {
        takeBack(partition);
        partition.progress().wayBack().ifPresent(offset -> consumer.seek(entry.getKey(), offset));
      } else if (open) {
        partition.handOut(shared);
      } else {
        takeBack(partition);
      }
      if (partition.progress().goesBack()) {
        back.add(entry.getKey());
      }
      waits |= partition.hasPolled();
    }
    hold(open && !waits ? back : Set.copyOf(partitions.keySet()));
    return waits;
  }

  private void hold(Set<TopicPartition> held) {
    Set<TopicPartition> before = consumer.paused();
    if (!before.equals(held)) {
      Set<TopicPartition> free = new HashSet<>(partitions.keySet());
      free.removeAll(held);
      consumer.resume(free);
      consumer.pause(held);
    }
  }

  /** Keeps what a poll brought. */
  void take(ConsumerRecords<byte[], byte[]> records) {
    records
        .nextOffsets()
        .forEach(
            (name, next) -> {
              KafkaPartition partition = partitions.get(name);
              if (partition != null) {
                partition.add(records.records(name), next.offset());
                partition.handOut(shared);
              }
            });
    partitions.forEach(this::start);
  }

  /**
   * Where nothing was read yet: the place is committed too, so that a start with the latest loses
   * nothing that comes while nobody reads.
   */
  private void start(TopicPartition name, KafkaPartition partition) {
    if (partition.progress().settledUpTo().isEmpty() && !partition.hasPolled()) {
      try {
        partition.progress().start(consumer.position(name, POSITION_WAIT));
      } catch (TimeoutException later) {
        // with the next poll
      }
    }
  }

  /** Commits what is news, without waiting for the answer; one at a time. */
  void commit() {
    if (committing || System.nanoTime() - committedNanos < COMMIT_EVERY_NANOS) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> news = news(partitions.keySet());
    if (news.isEmpty()) {
      return;
    }
    committing = true;
    committedNanos = System.nanoTime();
    consumer.commitAsync(
        news,
        (offsets, failure) -> {
          committing = false;
          if (failure == null) {
            committed(offsets);
          } // else the next one says the same, or the partition is lost, as the group tells
        });
  }

  /** The last word on these partitions; what it does not reach in time comes again. */
  void commitNow(Collection<TopicPartition> names, Duration wait) {
    Map<TopicPartition, OffsetAndMetadata> news = news(names);
    if (news.isEmpty()) {
      return;
    }
    long messages = names.stream().mapToLong(this::uncommitted).sum();
    try {
      consumer.commitSync(news, wait);
      committed(news);
    } catch (KafkaException failure) {
      observer.observed(
          new AcknowledgementFailed(
              SourceKind.KAFKA, topic, KafkaTrouble.code(failure), (int) messages));
    }
  }

  void commitAll(Duration wait) {
    commitNow(Set.copyOf(partitions.keySet()), wait);
  }

  private long uncommitted(TopicPartition name) {
    KafkaPartition partition = partitions.get(name);
    return partition == null ? 0 : partition.uncommitted();
  }

  private Map<TopicPartition, OffsetAndMetadata> news(Collection<TopicPartition> names) {
    Map<TopicPartition, OffsetAndMetadata> news = new HashMap<>();
    for (TopicPartition name : names) {
      KafkaPartition partition = partitions.get(name);
      OptionalLong offset = partition == null ? OptionalLong.empty() : partition.toCommit();
      offset.ifPresent(next -> news.put(name, new OffsetAndMetadata(next)));
    }
    return news;
  }

  private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(
        (name, offset) -> {
          KafkaPartition partition = partitions.get(name);
          if (partition != null) {
            partition.committed(offset.offset());
          }
        });
  }
}
