package dev.escala.source.kafka;

import dev.escala.model.Backlog;
import dev.escala.source.Permits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes markers to a topic of Kafka as its producers do, with the login of the source that reads
 * it. Used by one thread.
 *
 * <p>All have one key, so that they lie in one partition in their order, and a compacted topic
 * keeps the last one only. Others tell them by the header without looking at the value.
 */
public final class KafkaPublisher implements AutoCloseable {
  /** The header of markers; its value is the topic of Escala. */
  public static final String HEADER = "escala-canary";

  /** The key of markers. */
  public static final String KEY = "escala-canary";

  private static final int PATIENCE_MILLIS = 5_000;
  private static final String STOPS = "The process stops.";

  /** One marker is under way at a time. */
  private static final int BUFFER_BYTES = 1 << 20;

  private final KafkaSettings settings;
  private final String name;
  private final Consumers consumers;
  private final Map<String, Object> tuning;
  private final GroupLag lag;
  private @Nullable KafkaProducer<String, byte[]> producing;

  private KafkaPublisher(KafkaSettings settings, String name, Map<String, Object> tuning) {
    this.settings = settings;
    this.name = name;
    this.consumers = new Consumers(settings, Map.of());
    this.tuning = tuning;
    // Nothing is held here: all that the group is behind is on its way.
    Permits none = new Permits(settings.permits().messages(), settings.permits().bytes());
    this.lag = new GroupLag(consumers, none);
  }

  /**
   * For the first topic that the source names. Does not ask the brokers.
   *
   * @param settings of a source of which {@link KafkaSettings#noMarkers} has nothing to say
   */
  public static KafkaPublisher open(KafkaSettings settings) {
    return open(settings, Map.of());
  }

  /** With properties of Kafka's own that go before ours. */
  static KafkaPublisher open(KafkaSettings settings, Map<String, Object> tuning) {
    return new KafkaPublisher(settings, settings.subscribe().getFirst(), tuning);
  }

  /** Why markers could not be written to the topic, without writing one; empty where they could. */
  public static Optional<String> trouble(KafkaSettings settings) {
    String name = settings.subscribe().getFirst();
    Map<String, Object> properties = new HashMap<>(settings.security().properties());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.brokers());
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    try (Admin admin = Admin.create(properties)) {
      DescribeTopicsOptions withRights =
          new DescribeTopicsOptions().includeAuthorizedOperations(true);
      TopicDescription topic =
          admin.describeTopics(List.of(name), withRights).allTopicNames().get().get(name);
      return topic != null && topic.authorizedOperations().contains(AclOperation.WRITE)
          ? Optional.empty()
          : Optional.of(
              KafkaTrouble.ofWriting(
                  settings, name, new TopicAuthorizationException(Set.of(name))));
    } catch (KafkaException failure) {
      return Optional.of(KafkaTrouble.ofWriting(settings, name, failure));
    } catch (ExecutionException failure) {
      return Optional.of(KafkaTrouble.ofWriting(settings, name, cause(failure)));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.of(STOPS);
    }
  }

  private static KafkaException cause(ExecutionException failure) {
    return failure.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(failure);
  }

  /** Writes one record; says why it was not taken and what to do, or nothing where it was. */
  public Optional<String> publish(String payload) {
    try {
      Optional<KafkaProducer<String, byte[]>> producer = producer();
      if (producer.isEmpty()) {
        return Optional.of(KafkaTrouble.missing(settings, name));
      }
      producer.get().send(marker(payload)).get();
      return Optional.empty();
    } catch (KafkaException failure) {
      return refused(failure);
    } catch (ExecutionException failure) {
      return refused(cause(failure));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.of(STOPS);
    }
  }

  private Optional<String> refused(KafkaException failure) {
    return Optional.of(KafkaTrouble.ofWriting(settings, name, failure));
  }

  private ProducerRecord<String, byte[]> marker(String payload) {
    byte[] topic = settings.topic().getBytes(StandardCharsets.UTF_8);
    List<Header> headers = List.of(new RecordHeader(HEADER, topic));
    return new ProducerRecord<>(name, null, KEY, payload.getBytes(StandardCharsets.UTF_8), headers);
  }

  /**
   * Empty while there is no such topic: a producer that asks for it may make the broker make it.
   */
  private Optional<KafkaProducer<String, byte[]>> producer() {
    KafkaProducer<String, byte[]> known = producing;
    if (known == null) {
      if (isAbsent()) {
        return Optional.empty();
      }
      known = new KafkaProducer<>(properties(), new StringSerializer(), new ByteArraySerializer());
      producing = known;
    }
    return Optional.of(known);
  }

  /**
   * Neither tried again nor with a number of the producer's own: a marker is never doubled on this
   * side, and it takes no right beside WRITE and DESCRIBE with any broker.
   */
  private Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>(settings.security().properties());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.brokers());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.RETRIES_CONFIG, 0);
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.putAll(tuning);
    return properties;
  }

  private boolean isAbsent() {
    try (KafkaConsumer<byte[], byte[]> consumer = consumers.open()) {
      return Presence.absent(settings, consumer).filter(names -> names.contains(name)).isPresent();
    }
  }

  /** How far the group is behind; empty where the brokers do not answer. */
  public Optional<Backlog> backlog() {
    return lag.look();
  }

  /** Also on a thread that is interrupted, which the client would take for a failure. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      if (producing != null) {
        producing.close(Duration.ZERO);
      }
      lag.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
