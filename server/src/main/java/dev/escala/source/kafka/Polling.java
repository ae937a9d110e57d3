package dev.escala.source.kafka;

import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.source.Intake;
import dev.escala.source.kafka.KafkaPartition.Shared;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The thread that has the consumer, which no other may touch. It polls all the time, also while
 * nothing is to be taken, so that the group keeps it as a member.
 */
final class Polling {
  private static final Duration WAIT = Duration.ofMillis(100);
  private static final Duration WAIT_FOR_PERMITS = Duration.ofMillis(5);
  private static final Duration LAST_COMMIT = Duration.ofSeconds(1);
  private static final Duration LEAVING = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_BUG = Duration.ofSeconds(1);

  private final Consumers consumers;
  private final Shared shared;
  private final OriginWatch origin;
  private final Observer observer;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  Polling(Consumers consumers, Shared shared, OriginWatch origin, Observer observer) {
    this.consumers = consumers;
    this.shared = shared;
    this.origin = origin;
    this.observer = observer;
    // The client waits in a selector, which would hold the carrier of a virtual thread.
    this.thread = Thread.ofPlatform().daemon().name("kafka-poll").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Commits what is settled, leaves the group, and ends; what takes too long is broken off. */
  void close(Duration patience) {
    closing.countDown();
    try {
      if (!thread.join(patience)) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException hurried) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isClosing()) {
      try (Member member = new Member(consumers.open())) {
        member.run();
      } catch (KafkaException failure) {
        pauseAfter(failure);
      } catch (RuntimeException bug) {
        observer.observed(new TaskFailed("polls of " + consumers.settings().topic(), bug));
        pause(PAUSE_AFTER_BUG);
      }
    }
  }

  private void pauseAfter(KafkaException failure) {
    if (!isClosing()) {
      pause(origin.failed(KafkaTrouble.sentence(consumers.settings(), failure)));
    }
  }

  private void pause(Duration pause) {
    try {
      var _ = closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  /** A consumer that is in the group. */
  private final class Member implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Assignment assignment;
    private final Presence presence;
    private final @Nullable Metric received;

    Member(KafkaConsumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
      KafkaSettings settings = consumers.settings();
      this.assignment = new Assignment(consumer, shared, settings.topic(), observer, closing);
      this.presence = new Presence(settings);
      this.received = received();
      String pattern = settings.pattern();
      if (pattern == null) {
        consumer.subscribe(settings.subscribe(), assignment);
      } else {
        consumer.subscribe(Pattern.compile(pattern), assignment);
      }
    }

    void run() {
      while (!isClosing()) {
        try {
          turn();
        } catch (KafkaException failure) {
          pauseAfter(failure);
        }
      }
    }

    private void turn() {
      boolean open = shared.intake().state() == Intake.State.OPEN;
      boolean waits = assignment.prepare(open);
      ConsumerRecords<byte[], byte[]> records = consumer.poll(waits ? WAIT_FOR_PERMITS : WAIT);
      assignment.take(records);
      assignment.commit();
      if (origin.hears(receivedBytes()) && assignment.joined()) {
        answered(open);
      }
    }

    private void answered(boolean open) {
      Optional<String> missing =
          assignment.isEmpty() ? presence.missing(consumer) : Optional.empty();
      missing.ifPresentOrElse(
          names -> {
            var _ = origin.failed(KafkaTrouble.missing(consumers.settings(), names));
          },
          () -> origin.answered(open && !assignment.isHeld()));
    }

    /** The only sign that brokers answer where there is nothing to read. */
    private @Nullable Metric received() {
      return consumer.metrics().entrySet().stream()
          .filter(metric -> metric.getKey().name().equals("incoming-byte-total"))
          .filter(metric -> metric.getKey().group().equals("consumer-metrics"))
          .findFirst()
          .<Metric>map(entry -> entry.getValue())
          .orElse(null);
    }

    private double receivedBytes() {
      return received != null && received.metricValue() instanceof Double bytes ? bytes : 0;
    }

    @Override
    public void close() {
      try {
        assignment.commitAll(LAST_COMMIT);
      } finally {
        consumer.close(CloseOptions.timeout(LEAVING));
      }
    }
  }
}
