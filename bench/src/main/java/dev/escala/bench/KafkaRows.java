package dev.escala.bench;

import dev.escala.embedded.PackagedServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic of Kafka into a table with a unique key, against a loop that only polls and commits. */
final class KafkaRows {
  static final int PARTITIONS = 8;

  /** In a topic; the first half warms up. */
  private static final int ALL = 2 * Events.A_ROUND;

  private static final Duration POLL = Duration.ofMillis(200);

  private static final String ESCALA = "escala";
  private static final String PEER = "loop";

  private final Broker broker;
  private final String ownerUrl;
  private final Server server;
  private final Events events = new Events(13);
  private int topics;

  /** Starts the product on a topic. */
  interface Server {
    PackagedServer start(String topic) throws Exception;
  }

  KafkaRows(Broker broker, String ownerUrl, Server server) {
    this.broker = broker;
    this.ownerUrl = ownerUrl;
    this.server = server;
  }

  void measure(Report report, int rounds) throws Exception {
    Contest contest =
        new Contest()
            .add(ESCALA, "Kafka to rows", this::drainIntoTable)
            .add(PEER, "poll and commit, " + PARTITIONS + " partitions", this::pollAndCommit)
            .run(rounds);
    report.beside("Ingest, Kafka", contest.best(ESCALA), contest.best(PEER));
  }

  /** Sends the messages of these numbers, each for itself, and waits for all. */
  static FreshRows.Publisher publisher(KafkaProducer<byte[], byte[]> producer, String topic) {
    return (from, to) -> {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int number = from; number < to; number++) {
        byte[] value = FreshRows.message(number).getBytes(StandardCharsets.UTF_8);
        sent.add(producer.send(new ProducerRecord<>(topic, value)));
      }
      for (Future<RecordMetadata> each : sent) {
        var _ = each.get();
      }
    };
  }

  /** The name of a new one, full of records. */
  private String topic() throws Exception {
    String topic = "bench-" + topics++;
    List<Events.Batch> records = new ArrayList<>(events.round());
    records.addAll(events.round());
    broker.fill(topic, PARTITIONS, records);
    return topic;
  }

  private double drainIntoTable() throws Exception {
    Shell.psql(ownerUrl, "DROP TABLE IF EXISTS streamed");
    try (PackagedServer process = server.start(topic())) {
      return StoredRows.rate(process, Events.A_ROUND, ALL);
    }
  }

  private double pollAndCommit() throws Exception {
    String topic = topic();
    Map<String, Object> properties =
        Map.of(
            "bootstrap.servers",
            broker.addresses(),
            "group.id",
            topic,
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            "false");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      int records = 0;
      int before = 0;
      long first = 0;
      while (records < ALL) {
        records += consumer.poll(POLL).count();
        consumer.commitSync();
        if (first == 0 && records >= Events.A_ROUND) {
          first = System.nanoTime();
          before = records;
        }
      }
      return (records - before) / ((System.nanoTime() - first) / 1e9);
    }
  }
}
