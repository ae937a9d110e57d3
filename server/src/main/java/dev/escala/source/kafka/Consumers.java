package dev.escala.source.kafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Makes consumers of the client.
 *
 * @param tuning properties of Kafka that go before ours, for tests that cannot wait
 */
record Consumers(KafkaSettings settings, Map<String, Object> tuning) {
  /** Where snappy looks for its library before it unpacks one to a folder that it may write to. */
  private static final String SNAPPY = "org.xerial.snappy.lib.path";

  private static final int MOST_RECORDS = 1_000;
  private static final int MOST_FETCHED = 16 << 20;

  /**
   * A new one, that belongs to the group by name alone until it subscribes.
   *
   * @throws org.apache.kafka.common.KafkaException if no broker's name can be resolved
   */
  KafkaConsumer<byte[], byte[]> open() {
    if (System.getProperty(SNAPPY) == null) {
      // The image has it there, and no such folder.
      System.setProperty(SNAPPY, Path.of(System.getProperty("java.home"), "lib").toString());
    }
    return new KafkaConsumer<>(
        properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>(settings.security().properties());
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.brokers());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        switch (settings.start()) {
          case EARLIEST -> "earliest";
          case LATEST -> "latest";
        });
    // Partitions that stay with their member are read on while others move.
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    properties.put(
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        Math.min(MOST_RECORDS, settings.permits().messages()));
    properties.put(
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
        (int) Math.min(MOST_FETCHED, settings.permits().bytes()));
    // Topics and partitions that are new are found within that.
    properties.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 30_000);
    properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.putAll(tuning);
    return properties;
  }
}
