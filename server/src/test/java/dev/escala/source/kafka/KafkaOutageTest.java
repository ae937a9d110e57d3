package dev.escala.source.kafka;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.testing.KafkaServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Brokers that go away, of a cluster of the test's own. */
@Timeout(300)
class KafkaOutageTest extends KafkaSourceRun {
  private KafkaServer server = KafkaServer.shared();

  @Override
  KafkaServer server() {
    return server;
  }

  @AfterEach
  void closeServer() {
    closeAll();
    server.close();
  }

  @Test
  @Tag("integration")
  void aBrokerThatGoesAndComesBackIsReportedOnce() throws InterruptedException {
    server = KafkaServer.start(1);
    KafkaServer.Topic topic = server.newTopic(2);
    KafkaSource source = open(topic);
    topic.sendAll(numbered(0, 10));
    storeUntil(source, numbered(0, 10));
    isCommitted(topic, 10);

    server.stop(0);
    eventually("failed", () -> !observer.all(SourceFailed.class).isEmpty());
    assertThat(source.backlog()).isEmpty();
    assertThat(observer.all(SourceRecovered.class)).isEmpty();
    server.startAgain(0);
    topic.sendAll(numbered(10, 20));

    assertThat(storeUntil(source, numbered(10, 20))).hasSize(10);
    isCommitted(topic, 20);
    eventually("recovered", () -> !observer.all(SourceRecovered.class).isEmpty());
    assertThat(observer.all(SourceFailed.class)).hasSize(1);
    assertThat(observer.all(SourceFailed.class).getFirst().detail()).contains("do not answer");
    assertThat(observer.all(AcknowledgementFailed.class)).isEmpty();
  }

  @Test
  @Tag("long")
  void oneOfThreeBrokersMayFailAtATime() throws InterruptedException {
    server = KafkaServer.start(3);
    KafkaServer.Topic topic = server.newTopic(6);
    KafkaSource source = open(topic);
    topic.sendAll(numbered(0, 60));
    storeUntil(source, numbered(0, 60));
    for (int broker = 0; broker < 3; broker++) {
      server.stop(broker);
      List<String> more = numbered(60 + 60 * broker, 120 + 60 * broker);
      topic.sendAll(more);
      storeUntil(source, more);
      server.startAgain(broker);
    }

    isCommitted(topic, 240);
  }
}
