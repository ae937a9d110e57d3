package dev.escala.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.source.Delivery;
import dev.escala.source.Intake;
import dev.escala.source.Permits;
import dev.escala.source.kafka.KafkaPartition.Shared;
import dev.escala.testing.RecordingObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens at the moment in which the group takes partitions away; on no broker. */
class AssignmentTest {
  private static final TopicPartition PARTITION = new TopicPartition("ops", 0);
  private static final Duration NO_WAIT = Duration.ZERO;

  private final RecordingObserver observer = new RecordingObserver();
  private boolean refusing;
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>("earliest") {
        @Override
        public synchronized void commitSync(
            Map<TopicPartition, OffsetAndMetadata> offsets, Duration wait) {
          if (refusing) {
            throw new KafkaException("gone");
          }
          super.commitSync(offsets, wait);
        }
      };

  private final Intake<KafkaDelivery> intake = new Intake<>();
  private final Permits permits = new Permits(4, 1 << 20);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Assignment assignment =
      new Assignment(
          consumer,
          new Shared(intake, permits, new KafkaMessageReader("departures", new Unopened())),
          "departures",
          observer,
          closing);

  @BeforeEach
  void assign() {
    consumer.assign(Set.of(PARTITION));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    assignment.onPartitionsAssigned(Set.of(PARTITION));
  }

  private void poll(long from, long to) {
    List<ConsumerRecord<byte[], byte[]>> records =
        LongStream.range(from, to)
            .mapToObj(
                offset ->
                    new ConsumerRecord<>(
                        "ops", 0, offset, new byte[0], "{}".getBytes(StandardCharsets.UTF_8)))
            .toList();
    assignment.take(
        new ConsumerRecords<>(
            Map.of(PARTITION, records), Map.of(PARTITION, new OffsetAndMetadata(to))));
  }

  private Delivery next() throws InterruptedException {
    return intake.receive(NO_WAIT).orElseThrow();
  }

  private static void settle(Delivery delivery, Outcome outcome) {
    delivery.settle(Collections.nCopies(delivery.messages().size(), outcome));
  }

  private long committed() {
    return Objects.requireNonNull(consumer.committed(Set.of(PARTITION)).get(PARTITION)).offset();
  }

  private boolean nothingIsCommitted() {
    return consumer.committed(Set.of(PARTITION)).get(PARTITION) == null;
  }

  @Test
  void whatIsUnderWayEndsAndIsCommittedBeforeItsPartitionGoes() throws InterruptedException {
    poll(0, 3);
    Delivery underWay = next();
    CountDownLatch taken = new CountDownLatch(1);
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  taken.countDown();
                  settle(underWay, Outcome.STORED);
                });
    taken.await();

    assignment.onPartitionsRevoked(Set.of(PARTITION));

    writer.join();
    assertThat(committed()).isEqualTo(3);
    assertThat(assignment.isEmpty()).isTrue();
  }

  @Test
  void whatNobodyHasYetIsNotWaitedFor() throws InterruptedException {
    poll(0, 2);
    settle(next(), Outcome.STORED);
    poll(2, 4);
    poll(4, 7);

    assignment.onPartitionsRevoked(Set.of(PARTITION));

    assertThat(committed()).isEqualTo(2);
    assertThat(intake.receive(NO_WAIT)).isEmpty();
    assertThat(permits.messagesHeld()).isZero();
  }

  @Test
  void whileNothingCanBeStoredNobodyWaits() throws InterruptedException {
    poll(0, 2);
    Delivery underWay = next();
    intake.pause();

    assignment.onPartitionsRevoked(Set.of(PARTITION));

    settle(underWay, new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE));
    assertThat(committed()).isZero();
  }

  @Test
  void aPartitionThatIsLostIsNotCommitted() throws InterruptedException {
    poll(0, 2);
    settle(next(), Outcome.STORED);
    poll(2, 3);

    assignment.onPartitionsLost(Set.of(PARTITION));
    assignment.commitAll(NO_WAIT);

    assertThat(nothingIsCommitted()).isTrue();
    assertThat(intake.receive(NO_WAIT)).isEmpty();
    assertThat(assignment.joined()).isFalse();
  }

  @Test
  void whatCannotBeCommittedIsToldAndComesAgain() throws InterruptedException {
    poll(0, 2);
    assignment.commitAll(NO_WAIT);
    settle(next(), Outcome.STORED);
    refusing = true;

    assignment.commitAll(NO_WAIT);

    assertThat(observer.all(AcknowledgementFailed.class))
        .containsExactly(
            new AcknowledgementFailed(SourceKind.KAFKA, "departures", "KafkaException", 2));
  }

  @Test
  void whatWaitsForPermitsHoldsAllPartitionsUntilItIsOut() throws InterruptedException {
    poll(0, 6);
    assertThat(assignment.prepare(true)).isTrue();
    assertThat(consumer.paused()).containsExactly(PARTITION);
    Delivery first = next();
    assertThat(first.messages()).hasSize(4);

    settle(first, Outcome.STORED);
    assertThat(assignment.prepare(true)).isFalse();

    assertThat(consumer.paused()).isEmpty();
    assertThat(next().messages()).hasSize(2);
  }

  @Test
  void inAPauseAllIsLetGoAndFetchedAgain() throws InterruptedException {
    poll(0, 6);
    Delivery underWay = next();
    intake.pause().forEach(KafkaDelivery::giveBack);

    assertThat(assignment.prepare(false)).isFalse();
    assertThat(consumer.paused()).containsExactly(PARTITION);
    settle(underWay, Outcome.STORED);
    assertThat(assignment.prepare(false)).isFalse();
    intake.resume();
    assignment.prepare(true);

    assertThat(consumer.position(PARTITION)).isEqualTo(4);
    assertThat(consumer.paused()).isEmpty();
    poll(4, 6);
    assertThat(next().messages()).hasSize(2);
  }

  /** As after an unclean election: what was settled of the old records says nothing of the new. */
  @Test
  void offsetsThatMeanOtherRecordsNowAreReadAgain() throws InterruptedException {
    poll(0, 3);
    settle(next(), Outcome.STORED);
    poll(3, 4);
    Delivery old = next();
    poll(1, 3);
    Delivery anew = next();
    assertThat(anew.messages()).hasSize(2);

    settle(old, Outcome.STORED);
    assignment.commitAll(NO_WAIT);
    assertThat(committed()).isEqualTo(1);
    settle(anew, Outcome.STORED);
    assignment.commitAll(NO_WAIT);
    assertThat(committed()).isEqualTo(3);
  }
}
