package dev.escala.testing;

import static dev.escala.testing.Eventually.eventually;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.LoggerFactory;

/**
 * Brokers in the JVM, one for all tests; each test takes topics of its own. The kit that starts
 * them binds to all addresses of the machine, and lets nobody choose another.
 */
public final class KafkaServer implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final KafkaClusterTestKit kit;
  private final int brokers;
  private final Admin admin;
  private final KafkaProducer<String, byte[]> producer;

  private static final class Shared {
    private static final KafkaServer SERVER = start(1);

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
    }
  }

  private KafkaServer(KafkaClusterTestKit kit, int brokers) {
    this.kit = kit;
    this.brokers = brokers;
    this.admin = Admin.create(Map.of("bootstrap.servers", kit.bootstrapServers()));
    // While leaders are still being made known, several requests at once would lose their order.
    this.producer =
        producer(Map.of("enable.idempotence", false, "max.in.flight.requests.per.connection", 1));
  }

  public static KafkaServer shared() {
    return Shared.SERVER;
  }

  /** A cluster of the test's own, on free ports. */
  public static KafkaServer start(int brokers) {
    return start(brokers, Map.of());
  }

  /** One broker on which all may do all to what no rule is about. */
  public static KafkaServer startWithRules() {
    return start(
        1,
        Map.of(
            "authorizer.class.name",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found",
            "true"));
  }

  private static KafkaServer start(int brokers, Map<String, String> more) {
    quieten();
    String replicas = Integer.toString(brokers);
    try {
      KafkaClusterTestKit.Builder builder =
          new KafkaClusterTestKit.Builder(
                  new TestKitNodes.Builder()
                      .setCombined(brokers == 1)
                      .setNumBrokerNodes(brokers)
                      .setNumControllerNodes(1)
                      .build())
              .setConfigProp("offsets.topic.num.partitions", "1")
              .setConfigProp("offsets.topic.replication.factor", replicas)
              .setConfigProp("transaction.state.log.num.partitions", "1")
              .setConfigProp("transaction.state.log.replication.factor", replicas)
              .setConfigProp("transaction.state.log.min.isr", "1")
              .setConfigProp("group.initial.rebalance.delay.ms", "0")
              .setConfigProp("group.min.session.timeout.ms", "100")
              .setConfigProp("auto.create.topics.enable", "false")
              .setConfigProp("log.cleaner.enable", "false");
      more.forEach(builder::setConfigProp);
      KafkaClusterTestKit kit = builder.build();
      kit.format();
      kit.startup();
      kit.waitForReadyBrokers();
      return new KafkaServer(kit, brokers);
    } catch (Exception failure) {
      throw new IllegalStateException("no Kafka", failure);
    }
  }

  /** It would write megabytes, and end the process where it cannot go on. */
  private static void quieten() {
    // Another lane of the tests may be setting up the log at this moment.
    eventually("there is a log", () -> LoggerFactory.getILoggerFactory() instanceof LoggerContext);
    LoggerContext log = (LoggerContext) LoggerFactory.getILoggerFactory();
    List.of("org.apache.kafka", "kafka", "state.change.logger")
        .forEach(name -> log.getLogger(name).setLevel(Level.ERROR));
    Exit.setExitProcedure((status, message) -> {});
    Exit.setHaltProcedure((status, message) -> {});
  }

  /** The addresses, each as host:port. */
  public List<String> addresses() {
    return List.of(kit.bootstrapServers().split(",", -1));
  }

  /** A new topic, on all brokers. */
  public Topic newTopic(int partitions) {
    return newTopic("test-" + NAMES.incrementAndGet(), partitions);
  }

  public Topic newTopic(String name, int partitions) {
    await(admin.createTopics(List.of(new NewTopic(name, partitions, (short) brokers))).all());
    return new Topic(this, name);
  }

  /** A name for a group, or a part of a name, that no other test has. */
  public static String newName() {
    return "name-" + NAMES.incrementAndGet();
  }

  /** With properties beside those that it needs. */
  public KafkaProducer<String, byte[]> producer(Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("bootstrap.servers", kit.bootstrapServers());
    return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  /** Allows this to everybody, and to nobody what is not allowed so. */
  public void allow(Topic topic, AclOperation operation) {
    await(admin.createAcls(List.of(rule(topic, operation))).all());
  }

  /** Takes that back. */
  public void forbid(Topic topic, AclOperation operation) {
    await(admin.deleteAcls(List.of(rule(topic, operation).toFilter())).all());
  }

  private static AclBinding rule(Topic topic, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic.name(), PatternType.LITERAL),
        new AccessControlEntry("User:*", "*", operation, AclPermissionType.ALLOW));
  }

  /** All topics that there are. */
  public Set<String> topics() {
    return await(admin.listTopics().names());
  }

  /** What the group has committed, by partition. */
  public Map<Integer, Long> committed(String group, Topic topic) {
    Map<TopicPartition, OffsetAndMetadata> all =
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    Map<Integer, Long> committed = new TreeMap<>();
    all.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(topic.name()) && offset != null) {
            committed.put(partition.partition(), offset.offset());
          }
        });
    return committed;
  }

  /** As if the group, that nobody is in now, had never read the partition. */
  public void forget(String group, Topic topic, int partition) {
    await(
        admin
            .deleteConsumerGroupOffsets(group, Set.of(new TopicPartition(topic.name(), partition)))
            .all());
  }

  /** How many members the group has. */
  public int members(String group) {
    return await(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
        .members()
        .size();
  }

  /** Stops a broker, from 0, which comes back at the same address. */
  public void stop(int broker) {
    kit.brokers().get(broker).shutdown(Duration.ofMinutes(1));
    kit.brokers().get(broker).awaitShutdown();
  }

  public void startAgain(int broker) {
    kit.brokers().get(broker).startup();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
    try {
      kit.close();
    } catch (Exception failure) {
      throw new IllegalStateException("Kafka does not end", failure);
    }
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** A topic, for arranging and asserting. */
  public record Topic(KafkaServer server, String name) {
    /** Returns once the broker has it. */
    public void send(String body) {
      sendAll(List.of(body));
    }

    /** Spread over the partitions in turn. */
    public void sendAll(List<String> bodies) {
      int partitions = server.producer.partitionsFor(name).size();
      for (int i = 0; i < bodies.size(); i++) {
        send(i % partitions, bodies.get(i));
      }
      server.producer.flush();
    }

    private void send(int partition, String body) {
      send(new ProducerRecord<>(name, partition, null, body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns at once; {@link #flush} waits. */
    public void send(ProducerRecord<String, byte[]> message) {
      var _ = server.producer.send(message);
    }

    public void flush() {
      server.producer.flush();
    }

    public void growTo(int partitions) {
      await(
          server.admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all());
    }

    public void delete() {
      await(server.admin.deleteTopics(List.of(name)).all());
    }
  }
}
