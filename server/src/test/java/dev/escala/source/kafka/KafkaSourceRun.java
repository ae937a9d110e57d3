package dev.escala.source.kafka;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.Outcome;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.source.Delivery;
import dev.escala.testing.KafkaServer;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** Sources on a real broker, closed at the end, none of whose tasks may fail. */
abstract class KafkaSourceRun {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** What takes half a minute or more otherwise. */
  static final Map<String, Object> HURRIED =
      Map.of("metadata.max.age.ms", 500, "session.timeout.ms", 6_000, "heartbeat.interval.ms", 500);

  final RecordingObserver observer = new RecordingObserver();
  final String group = KafkaServer.newName();
  private final List<KafkaSource> opened = new ArrayList<>();

  @AfterEach
  void closeAll() {
    opened.forEach(KafkaSource::close);
    assertThat(observer.all(TaskFailed.class)).isEmpty();
  }

  KafkaServer server() {
    return KafkaServer.shared();
  }

  KafkaSettings settings(List<String> subscribe, KafkaSettings.Start start, int messages) {
    return new KafkaSettings(
        server().addresses(),
        subscribe,
        null,
        "departures",
        group,
        start,
        KafkaSecurity.NONE,
        new KafkaSettings.Limits(messages, 64 << 20),
        ValueFormat.JSON);
  }

  KafkaSettings settings(KafkaServer.Topic topic) {
    return settings(List.of(topic.name()), KafkaSettings.Start.EARLIEST, 10_000);
  }

  KafkaSource open(KafkaServer.Topic topic) {
    return open(settings(topic));
  }

  KafkaSource open(KafkaSettings settings) {
    KafkaSource source = KafkaSource.open(settings, HURRIED, observer);
    opened.add(source);
    return source;
  }

  static List<String> numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj("{\"n\":%d}"::formatted).toList();
  }

  static Delivery next(KafkaSource source) throws InterruptedException {
    Optional<Delivery> delivery = source.receive(LONG);
    assertThat(delivery).as("a delivery within %s", LONG).isPresent();
    return delivery.orElseThrow();
  }

  static void settle(Delivery delivery, Outcome outcome) {
    delivery.settle(Collections.nCopies(delivery.messages().size(), outcome));
  }

  static List<String> bodies(Delivery delivery) {
    return delivery.messages().stream().map(message -> message.payload().text()).toList();
  }

  /** All that came, in order, until all of these had; each is stored. */
  static List<String> storeUntil(KafkaSource source, List<String> wanted)
      throws InterruptedException {
    List<String> stored = new ArrayList<>();
    Set<String> missing = new HashSet<>(wanted);
    while (!missing.isEmpty()) {
      Delivery delivery = next(source);
      stored.addAll(bodies(delivery));
      bodies(delivery).forEach(missing::remove);
      settle(delivery, Outcome.STORED);
    }
    return stored;
  }

  /** Waits until the group has committed so many messages of the topic. */
  void isCommitted(KafkaServer.Topic topic, long messages) {
    eventually(
        () -> "committed: " + server().committed(group, topic),
        () ->
            server().committed(group, topic).values().stream().mapToLong(o -> o).sum() == messages);
  }
}
