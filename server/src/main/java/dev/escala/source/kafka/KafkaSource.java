package dev.escala.source.kafka;

import dev.escala.model.Backlog;
import dev.escala.model.Moment;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observer;
import dev.escala.source.Delivery;
import dev.escala.source.Intake;
import dev.escala.source.Permits;
import dev.escala.source.Source;
import dev.escala.source.kafka.KafkaPartition.Shared;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;

/**
 * Messages of one or more topics of Kafka, as a member of a group: each partition in its order,
 * committed up to the first message that is not settled.
 */
public final class KafkaSource implements Source {
  /** Longer than a last commit and leaving the group take. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final KafkaSettings settings;
  private final Intake<KafkaDelivery> intake = new Intake<>();
  private final OriginWatch origin;
  private final Polling polling;
  private final GroupLag lag;
  private final ValueOpening values;
  private final AtomicBoolean closed = new AtomicBoolean();

  private KafkaSource(KafkaSettings settings, Map<String, Object> tuning, Observer observer) {
    this.settings = settings;
    Permits permits = new Permits(settings.permits().messages(), settings.permits().bytes());
    Consumers consumers = new Consumers(settings, tuning);
    this.values = ValueOpenings.open(settings, observer);
    Shared shared = new Shared(intake, permits, new KafkaMessageReader(settings.topic(), values));
    this.origin = new OriginWatch(settings, observer);
    this.polling = new Polling(consumers, shared, origin, observer);
    this.lag = new GroupLag(consumers, permits);
  }

  /** Begins to poll; brokers that do not answer are reported and asked again. */
  public static KafkaSource open(KafkaSettings settings, Observer observer) {
    return open(settings, Map.of(), observer);
  }

  /** With properties of Kafka's own that go before ours. */
  static KafkaSource open(KafkaSettings settings, Map<String, Object> tuning, Observer observer) {
    KafkaSource source = new KafkaSource(settings, tuning, observer);
    source.polling.start();
    return source;
  }

  /** What is wrong with brokers, topics or a schema registry; empty where they answer. */
  public static Optional<String> trouble(KafkaSettings settings) {
    try (ValueOpening values = ValueOpenings.open(settings, observation -> {})) {
      return ofBrokers(settings).or(values::trouble);
    }
  }

  private static Optional<String> ofBrokers(KafkaSettings settings) {
    try (KafkaConsumer<byte[], byte[]> consumer = new Consumers(settings, Map.of()).open()) {
      return Presence.absent(settings, consumer)
          .map(names -> KafkaTrouble.missing(settings, names));
    } catch (KafkaException failure) {
      return Optional.of(KafkaTrouble.sentence(settings, failure));
    }
  }

  @Override
  public SourceKind kind() {
    return SourceKind.KAFKA;
  }

  @Override
  public String topic() {
    return settings.topic();
  }

  @Override
  public Optional<Delivery> receive(Duration wait) throws InterruptedException {
    return intake.receive(wait).map(delivery -> delivery);
  }

  @Override
  public Optional<Moment> lastReceive() {
    return origin.lastAnswer();
  }

  @Override
  public Optional<Backlog> backlog() {
    return lag.look();
  }

  @Override
  public void pause() {
    intake.pause().forEach(KafkaDelivery::giveBack);
  }

  @Override
  public void resume() {
    intake.resume();
  }

  @Override
  public void stop() {
    intake.stop().forEach(KafkaDelivery::giveBack);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stop();
      polling.close(PATIENCE);
      lag.close();
      values.close();
    }
  }
}
