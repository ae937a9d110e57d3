package dev.escala.source.kafka;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.source.Delivery;
import dev.escala.testing.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
@Timeout(120)
@Execution(CONCURRENT) // each test has all that it needs for itself, and mostly waits
class KafkaSourceTest extends KafkaSourceRun {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void eachPartitionComesInItsOrderAndIsCommitted() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    List<String> bodies = numbered(0, 2_500);
    topic.sendAll(bodies);

    assertThat(storeUntil(open(topic), bodies)).isEqualTo(bodies);
    isCommitted(topic, 2_500);
  }

  @Test
  void onlyThePrefixThatIsSettledIsCommitted() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    KafkaSource source = open(settings(List.of(topic.name()), KafkaSettings.Start.EARLIEST, 2));
    KafkaSource wide = open(topic);
    eventually("both are in the group", () -> server().members(group) == 2);
    source.close();
    List<Delivery> deliveries = new ArrayList<>();
    for (String body : numbered(0, 3)) {
      topic.send(body);
      deliveries.add(next(wide));
    }

    settle(deliveries.get(2), Outcome.STORED);
    settle(deliveries.get(0), Outcome.DUPLICATE);
    isCommitted(topic, 1);
    settle(deliveries.get(1), Outcome.STORED);
    isCommitted(topic, 3);
  }

  @Test
  void whatIsBehindAGapComesAgainAfterARestart() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    KafkaSource source = open(topic);
    topic.send("{\"n\":0}");
    Delivery unsettled = next(source);
    topic.send("{\"n\":1}");
    settle(next(source), Outcome.STORED);
    source.close();

    assertThat(bodies(unsettled)).containsExactly("{\"n\":0}");
    assertThat(storeUntil(open(topic), numbered(0, 2))).isEqualTo(numbered(0, 2));
  }

  @Test
  void whatIsReturnedComesAgainAndWhatWasStoredBehindItDoesNot() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    topic.sendAll(numbered(0, 3));
    KafkaSource source = open(settings(List.of(topic.name()), KafkaSettings.Start.EARLIEST, 3));
    List<String> came = new ArrayList<>();
    List<Integer> attempts = new ArrayList<>();
    while (came.size() < 3 || !came.getLast().equals("{\"n\":1}") || attempts.getLast() < 3) {
      Delivery delivery = next(source);
      List<Outcome> outcomes = new ArrayList<>();
      for (Message message : delivery.messages()) {
        came.add(message.payload().text());
        attempts.add(message.origin().attempt());
        boolean back = message.payload().text().equals("{\"n\":1}") && attempts.getLast() < 3;
        outcomes.add(
            back ? new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE) : Outcome.STORED);
      }
      delivery.settle(outcomes);
    }

    assertThat(came).containsOnlyOnce("{\"n\":0}");
    assertThat(came.stream().filter("{\"n\":1}"::equals)).hasSize(3);
    assertThat(
            storeUntil(source, came.contains("{\"n\":2}") ? List.of() : numbered(2, 3)).size()
                + came.size())
        .isEqualTo(5);
    isCommitted(topic, 3);
  }

  @Test
  void aPausedSourceStaysInTheGroupAndTakesNothing() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(2);
    topic.sendAll(numbered(0, 10));
    KafkaSource source = open(topic);
    Delivery underWay = next(source);
    source.pause();
    settle(underWay, new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE));
    topic.sendAll(numbered(10, 20));

    // Longer than the group waits for a member that is silent.
    assertThat(source.receive(Duration.ofSeconds(8))).isEmpty();
    assertThat(server().members(group)).isEqualTo(1);
    assertThat(server().committed(group, topic).values()).containsOnly(0L);

    source.resume();
    assertThat(storeUntil(source, numbered(0, 20))).hasSize(20);
    isCommitted(topic, 20);
  }

  @Test
  void attributesAreWhatAProducerSentBesideTheValue() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    ProducerRecord<String, byte[]> sent =
        new ProducerRecord<>(topic.name(), 0, 1_764_412_800_123L, "LA1", bytes("{}"));
    sent.headers().add("trace", bytes("4711"));
    topic.send(sent);
    topic.flush();

    Message message = next(open(topic)).messages().getFirst();

    assertThat(message.origin().messageId()).isEqualTo(topic.name() + "-0-0-1764412800123");
    assertThat(message.origin().attributes())
        .containsEntry("trace", "4711")
        .containsEntry("kafka.key", "LA1")
        .containsEntry("kafka.topic", topic.name());
  }

  @Test
  void aTombstoneIsADeliveryThatSaysWhyItIsRejected() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    topic.send(new ProducerRecord<>(topic.name(), 0, "LA1", null));
    topic.flush();

    Delivery delivery = next(open(topic));

    assertThat(delivery.messages().getFirst().unreadable())
        .extracting(rejection -> rejection.reason())
        .isEqualTo(ReasonCode.PAYLOAD_MISSING);
    settle(delivery, Outcome.STORED);
    isCommitted(topic, 1);
  }

  @Test
  void aRecordAboveThePermitsComesAlone() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    String large = "{\"text\":\"" + "x".repeat(900_000) + "\"}";
    topic.sendAll(List.of("{}", large, "{}"));
    KafkaSettings settings = settings(topic);
    KafkaSource source =
        open(
            new KafkaSettings(
                settings.brokers(),
                settings.subscribe(),
                null,
                settings.topic(),
                group,
                settings.start(),
                KafkaSecurity.NONE,
                new KafkaSettings.Limits(10, 1_000),
                ValueFormat.JSON));

    for (String body : List.of("{}", large, "{}")) {
      Delivery delivery = next(source);
      assertThat(bodies(delivery)).containsExactly(body);
      settle(delivery, Outcome.STORED);
    }
  }

  @Test
  void severalTopicsAndThoseThatFitLaterGoToOne() throws InterruptedException {
    String prefix = KafkaServer.newName();
    server().newTopic(prefix + ".a", 1).send("{\"n\":0}");
    server().newTopic("other-" + prefix + ".a", 1).send("{\"n\":-1}");
    KafkaSettings settings = settings(List.of(), KafkaSettings.Start.EARLIEST, 100);
    KafkaSource source =
        open(
            new KafkaSettings(
                settings.brokers(),
                List.of(),
                prefix + "\\..*",
                "departures",
                group,
                settings.start(),
                KafkaSecurity.NONE,
                settings.permits(),
                ValueFormat.JSON));

    assertThat(storeUntil(source, numbered(0, 1))).hasSize(1);
    server().newTopic(prefix + ".b", 1).send("{\"n\":1}");
    assertThat(storeUntil(source, numbered(1, 2))).hasSize(1);
  }

  @Test
  void partitionsThatAreAddedAreReadFromTheirBeginning() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    KafkaSource source = open(topic);
    topic.send("{\"n\":0}");
    storeUntil(source, numbered(0, 1));
    topic.growTo(3);
    eventually(
        "the producer knows them",
        () -> {
          topic.sendAll(numbered(1, 4));
          return storeUntil(source, numbered(1, 4)).size() >= 3
              && server().committed(group, topic).size() == 3;
        });
  }

  @Test
  void theLatestBeginsAtTheEndAndLosesNothingFromThenOn() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    topic.sendAll(numbered(0, 3));
    KafkaSettings latest = settings(List.of(topic.name()), KafkaSettings.Start.LATEST, 100);
    KafkaSource source = open(latest);
    isCommitted(topic, 3);
    source.close();
    topic.sendAll(numbered(3, 5));

    assertThat(storeUntil(open(latest), numbered(3, 5))).isEqualTo(numbered(3, 5));
  }

  @Test
  void whatWasNotCommittedByItsProducerIsNotRead() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    KafkaSource source = open(topic);
    try (KafkaProducer<String, byte[]> producer =
        server().producer(Map.of("transactional.id", KafkaServer.newName()))) {
      producer.initTransactions();
      for (String body : numbered(0, 4)) {
        producer.beginTransaction();
        var _ = producer.send(new ProducerRecord<>(topic.name(), bytes(body)));
        producer.flush();
        if (body.equals("{\"n\":2}")) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
    }

    assertThat(storeUntil(source, List.of("{\"n\":0}", "{\"n\":1}", "{\"n\":3}"))).hasSize(3);
    // Four records and four marks of transactions: nothing seems to wait for ever.
    isCommitted(topic, 8);
    assertThat(source.backlog()).hasValue(new Backlog(0, 0, 0, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "lz4", "snappy", "zstd"})
  void batchesMayBePackedAsTheirProducerLikes(String packing) throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    List<String> bodies = numbered(0, 500);
    try (KafkaProducer<String, byte[]> producer =
        server().producer(Map.of("compression.type", packing, "linger.ms", 50))) {
      for (String body : bodies) {
        var _ = producer.send(new ProducerRecord<>(topic.name(), bytes(body)));
      }
    }

    assertThat(storeUntil(open(topic), bodies)).isEqualTo(bodies);
  }

  @Test
  void theBacklogIsThatOfTheGroup() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(2);
    topic.sendAll(numbered(0, 10));
    KafkaSource source = open(settings(List.of(topic.name()), KafkaSettings.Start.EARLIEST, 1));
    Delivery held = next(source);
    assertThat(source.backlog()).hasValue(new Backlog(9, 1, 0, null));
    settle(held, Outcome.STORED);
    storeUntil(
        source,
        List.copyOf(numbered(0, 10).stream().filter(b -> !bodies(held).contains(b)).toList()));
    isCommitted(topic, 10);
    assertThat(source.backlog().orElseThrow().isEmpty()).isTrue();
    source.close();
    assertThat(source.backlog()).isEmpty();
  }

  @Test
  void aTopicThatIsMissingIsNamedUntilItIsThere() throws InterruptedException {
    String name = KafkaServer.newName();
    KafkaSettings settings = settings(List.of(name), KafkaSettings.Start.EARLIEST, 100);
    KafkaSource source = open(settings);

    eventually("failed", () -> !observer.all(SourceFailed.class).isEmpty());
    assertThat(observer.all(SourceFailed.class).getFirst().detail())
        .startsWith("There is no topic " + name + " at ")
        .isEqualTo(KafkaSource.trouble(settings).orElseThrow());
    assertThat(source.lastReceive()).isEmpty();

    server().newTopic(name, 1).send("{\"n\":0}");
    storeUntil(source, numbered(0, 1));
    eventually("recovered", () -> !observer.all(SourceRecovered.class).isEmpty());
    assertThat(observer.all(SourceFailed.class)).hasSize(1);
    assertThat(KafkaSource.trouble(settings)).isEmpty();
  }

  @Test
  void aTopicThatIsMadeAnewIsReadFromItsBeginning() throws InterruptedException {
    KafkaServer.Topic topic = server().newTopic(1);
    KafkaSource source = open(topic);
    topic.sendAll(numbered(0, 3));
    storeUntil(source, numbered(0, 3));
    isCommitted(topic, 3);

    topic.delete();
    eventually("it is gone", () -> KafkaSource.trouble(settings(topic)).isPresent());
    KafkaServer.Topic anew = server().newTopic(topic.name(), 1);
    anew.send("{\"n\":10}");

    assertThat(storeUntil(source, numbered(10, 11))).contains("{\"n\":10}");
    isCommitted(anew, 1);
  }

  @Test
  @Timeout(60)
  void aSourceWithoutBrokersSaysSoAndEnds() {
    KafkaSettings settings = KafkaSettings.of("localhost:1", "departures");
    KafkaSource source = open(settings);
    eventually("failed", () -> !observer.all(SourceFailed.class).isEmpty());

    assertThat(source.backlog()).isEqualTo(Optional.empty());
    source.close();

    assertThat(observer.all(SourceFailed.class)).hasSize(1);
    assertThat(observer.all(SourceFailed.class).getFirst().detail())
        .startsWith("localhost:1 do not answer.");
    assertThat(KafkaSource.trouble(settings))
        .hasValueSatisfying(
            trouble -> assertThat(trouble).startsWith("localhost:1 do not answer."));
    assertThat(observer.all(AcknowledgementFailed.class)).isEmpty();
  }

  @Test
  void aNameThatNobodyKnowsIsTold() {
    open(KafkaSettings.of("nowhere.invalid:9092", "departures"));
    eventually("failed", () -> !observer.all(SourceFailed.class).isEmpty());
    assertThat(observer.all(SourceFailed.class).getFirst().detail())
        .startsWith("nowhere.invalid:9092 cannot be read from: ");
  }
}
