package dev.escala.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;

/** One broker of Kafka in this process. */
final class Broker implements AutoCloseable {
  private final KafkaClusterTestKit kit;

  private Broker(KafkaClusterTestKit kit) {
    this.kit = kit;
  }

  static Broker start() throws Exception {
    KafkaClusterTestKit kit =
        new KafkaClusterTestKit.Builder(
                new TestKitNodes.Builder()
                    .setCombined(true)
                    .setNumBrokerNodes(1)
                    .setNumControllerNodes(1)
                    .build())
            .setConfigProp("offsets.topic.num.partitions", "1")
            .setConfigProp("offsets.topic.replication.factor", "1")
            .setConfigProp("group.initial.rebalance.delay.ms", "0")
            .build();
    kit.format();
    kit.startup();
    kit.waitForReadyBrokers();
    return new Broker(kit);
  }

  String addresses() {
    return kit.bootstrapServers();
  }

  void create(String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", addresses()))) {
      var _ = admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
  }

  KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", addresses(), "linger.ms", 20, "enable.idempotence", false),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** A new topic with each line of these batches as a record. */
  void fill(String topic, int partitions, List<Events.Batch> batches) throws Exception {
    create(topic, partitions);
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Events.Batch batch : batches) {
        for (String line : new String(batch.ndjson(), StandardCharsets.UTF_8).split("\n", -1)) {
          if (!line.isEmpty()) {
            byte[] value = line.getBytes(StandardCharsets.UTF_8);
            sent.add(
                producer.send(new ProducerRecord<>(topic, sent.size() % partitions, null, value)));
          }
        }
      }
      for (Future<RecordMetadata> each : sent) {
        var _ = each.get();
      }
    }
  }

  @Override
  public void close() {
    try {
      kit.close();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
