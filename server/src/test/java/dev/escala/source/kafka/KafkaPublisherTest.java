package dev.escala.source.kafka;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.source.Delivery;
import dev.escala.testing.KafkaServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Markers as a topic of Kafka takes them, or does not. */
@Tag("integration")
@Timeout(180)
class KafkaPublisherTest extends KafkaSourceRun {
  /** What takes five seconds otherwise. */
  private static final Map<String, Object> IMPATIENT =
      Map.of("max.block.ms", 500, "request.timeout.ms", 500, "delivery.timeout.ms", 500);

  private final List<KafkaPublisher> publishers = new ArrayList<>();

  private KafkaServer server = KafkaServer.shared();

  @Override
  KafkaServer server() {
    return server;
  }

  @AfterEach
  void closeServer() {
    publishers.forEach(KafkaPublisher::close);
    closeAll();
    if (!server.equals(KafkaServer.shared())) {
      server.close();
    }
  }

  private KafkaPublisher publisher(KafkaSettings settings) {
    KafkaPublisher publisher = KafkaPublisher.open(settings, IMPATIENT);
    publishers.add(publisher);
    return publisher;
  }

  /** A topic, or a right, is not known to the broker at once. */
  private static void isTaken(KafkaPublisher publisher, String body) {
    eventually("it is taken", () -> publisher.publish(body).isEmpty());
  }

  @Test
  void markersComeInTheirOrderWithTheirKeyAndHeader() throws InterruptedException {
    KafkaServer.Topic topic = server.newTopic(8);
    KafkaPublisher publisher = publisher(settings(topic));
    isTaken(publisher, "{\"n\":0}");
    for (String body : numbered(1, 20)) {
      assertThat(publisher.publish(body)).isEmpty();
    }
    assertThat(publisher.backlog().map(Backlog::isEmpty)).contains(false);
    KafkaSource source = open(topic);
    List<String> bodies = new ArrayList<>();
    Set<String> partitions = new HashSet<>();
    while (bodies.size() < 20) {
      Delivery delivery = next(source);
      for (Message message : delivery.messages()) {
        assertThat(message.origin().attributes())
            .containsEntry("kafka.key", "escala-canary")
            .containsEntry("escala-canary", "departures");
        partitions.add(message.origin().attributes().get("kafka.partition"));
      }
      bodies.addAll(bodies(delivery));
      settle(delivery, Outcome.STORED);
    }

    assertThat(bodies).isEqualTo(numbered(0, 20));
    assertThat(partitions).hasSize(1);
    isCommitted(topic, 20);
    eventually(
        "nothing is on its way", () -> publisher.backlog().map(Backlog::isEmpty).orElse(false));
  }

  @Test
  void aTopicThatIsNotThereIsNotMade() {
    KafkaServer.Topic there = server.newTopic(1);
    String gone = there.name() + "-gone";
    KafkaPublisher publisher =
        publisher(settings(List.of(gone), KafkaSettings.Start.EARLIEST, 100));

    assertThat(publisher.publish("{}"))
        .hasValueSatisfying(told -> assertThat(told).contains("no topic " + gone));
    assertThat(server.topics()).contains(there.name()).doesNotContain(gone);
    KafkaServer.Topic made = server.newTopic(gone, 1);
    isTaken(publisher, "{}");
    made.delete();
  }

  @Test
  void aBrokerThatIsAwayIsToldAndFoundAgain() {
    server = KafkaServer.start(1);
    KafkaServer.Topic topic = server.newTopic(1);
    KafkaPublisher publisher = publisher(settings(topic));
    isTaken(publisher, "{}");

    server.stop(0);
    assertThat(publisher.publish("{}"))
        .hasValueSatisfying(
            told -> assertThat(told).contains(server.addresses().getFirst(), "do not answer"));
    assertThat(publisher.backlog()).isEmpty();
    server.startAgain(0);

    isTaken(publisher, "{}");
  }

  @Test
  void aBrokerThatIsAwayFromTheBeginningIsToldToo() {
    KafkaPublisher publisher = publisher(KafkaSettings.of("127.0.0.1:1", "departures"));

    assertThat(publisher.publish("{}"))
        .hasValueSatisfying(told -> assertThat(told).contains("127.0.0.1:1", "do not answer"));
  }

  @Test
  void aRightThatIsMissingIsNamedAndFoundOnceItIsGiven() {
    server = KafkaServer.startWithRules();
    KafkaServer.Topic topic = server.newTopic(1);
    server.allow(topic, AclOperation.READ);
    KafkaPublisher publisher = publisher(settings(topic));
    // The controller has the rule by now, and the broker a moment later.
    eventually("the rule holds", () -> publisher.publish("{}").isPresent());

    assertThat(publisher.publish("{}"))
        .hasValueSatisfying(
            told ->
                assertThat(told)
                    .contains(
                        "may not be written to the topic " + topic.name(),
                        "It takes WRITE and DESCRIBE on it, or canary: http at topics.departures"));
    assertThat(KafkaPublisher.trouble(settings(topic)))
        .hasValueSatisfying(told -> assertThat(told).contains("It takes WRITE and DESCRIBE"));
    server.allow(topic, AclOperation.WRITE);

    isTaken(publisher, "{}");
    assertThat(KafkaPublisher.trouble(settings(topic))).isEmpty();
  }

  @Test
  void aTopicThatIsNotThereIsToldWithoutWriting() {
    KafkaSettings gone = settings(List.of("gone"), KafkaSettings.Start.EARLIEST, 100);

    assertThat(KafkaPublisher.trouble(gone))
        .hasValueSatisfying(told -> assertThat(told).contains("marker for the topic gone"));
  }

  /** As the canary's thread is, when the server stops. */
  @Test
  void endsAlsoOnAThreadThatIsInterrupted() {
    KafkaServer.Topic topic = server.newTopic(1);
    KafkaPublisher publisher = publisher(settings(topic));
    isTaken(publisher, "{}");
    assertThat(publisher.backlog()).isPresent();

    Thread.currentThread().interrupt();
    publisher.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(publisher.backlog()).isEmpty();
  }
}
