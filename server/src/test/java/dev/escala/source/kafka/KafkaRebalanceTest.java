package dev.escala.source.kafka;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.escala.model.Outcome;
import dev.escala.source.Delivery;
import dev.escala.testing.KafkaServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** Members that come and go. */
@Tag("integration")
@Timeout(180)
@Execution(CONCURRENT) // each test has all that it needs for itself, and mostly waits
class KafkaRebalanceTest extends KafkaSourceRun {
  private static final Duration MOMENT = Duration.ofMillis(100);

  /** Stores all that comes until the source is closed. */
  private static Thread storing(KafkaSource source, Queue<String> stored) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (!Thread.currentThread().isInterrupted()) {
                  source
                      .receive(MOMENT)
                      .ifPresent(
                          delivery -> {
                            stored.addAll(bodies(delivery));
                            settle(delivery, Outcome.STORED);
                          });
                }
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /** What the last commit of a member comes too late for is read again, and found in the table. */
  @Test
  void whoComesAndGoesInTheMiddleLosesNothing() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(6);
    Queue<String> stored = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    threads.add(storing(open(topic), stored));
    topic.sendAll(numbered(0, 600));
    KafkaSource second = open(topic);
    threads.add(storing(second, stored));
    topic.sendAll(numbered(600, 1_200));
    eventually("both are in the group", () -> server().members(group) == 2);
    threads.add(storing(open(topic), stored));
    topic.sendAll(numbered(1_200, 1_800));
    eventually("three are in the group", () -> server().members(group) == 3);
    second.stop();
    threads.get(1).interrupt();
    threads.get(1).join();
    second.close();
    topic.sendAll(numbered(1_800, 2_400));

    isCommitted(topic, 2_400);
    threads.forEach(Thread::interrupt);
    assertThat(Set.copyOf(stored)).isEqualTo(Set.copyOf(numbered(0, 2_400)));
  }

  @Test
  void whatIsNotSettledInTimeComesAgainAtTheNext() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(2);
    topic.sendAll(numbered(0, 2));
    KafkaSource slow = open(topic);
    List<Delivery> held = List.of(next(slow), next(slow));
    KafkaSource quick = open(topic);

    Set<String> again = new HashSet<>();
    eventually(
        "one partition is the other's",
        () -> {
          Optional<Delivery> delivery = quick.receive(MOMENT);
          delivery.ifPresent(
              came -> {
                again.addAll(bodies(came));
                settle(came, Outcome.DUPLICATE);
              });
          return !again.isEmpty();
        });
    assertThat(again).hasSize(1);

    held.forEach(delivery -> settle(delivery, Outcome.STORED));
    isCommitted(topic, 2);
  }
}
