package dev.escala.source.kafka;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.source.Delivery;
import dev.escala.testing.KafkaServer;
import dev.escala.testing.RegistryServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** Records in Avro, on a real broker and a registry over HTTP. */
@Tag("integration")
@Timeout(120)
@Execution(CONCURRENT) // each test has all that it needs for itself, and mostly waits
class KafkaAvroSourceTest extends KafkaSourceRun {
  private static final String SCHEMA =
      """
      {"type":"record","name":"Departure","namespace":"ops","fields":[{"name":"n","type":"long"}]}
      """;

  private final RegistryServer registry = new RegistryServer();
  private final KafkaServer.Topic topic = server().newTopic(1);

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  private KafkaSource open(ValueFormat format, KafkaSettings.Limits permits) {
    return open(
        new KafkaSettings(
            server().addresses(),
            List.of(topic.name()),
            null,
            "departures",
            group,
            KafkaSettings.Start.EARLIEST,
            KafkaSecurity.NONE,
            permits,
            format));
  }

  private KafkaSource byRegistry(boolean orJson) {
    return open(
        new ValueFormat.AvroByRegistry(new RegistrySettings(registry.endpoint(), null), orJson),
        KafkaSettings.Limits.DEFAULT);
  }

  private void send(byte[] value) {
    topic.send(new ProducerRecord<>(topic.name(), 0, null, value));
    topic.flush();
  }

  private static byte[] departure(long number) {
    Schema schema = AvroBytes.schema(SCHEMA);
    GenericData.Record value = new GenericData.Record(schema);
    value.put("n", number);
    return AvroBytes.of(schema, value);
  }

  /** So many messages, each stored. */
  private static List<Message> stored(KafkaSource source, int count) throws InterruptedException {
    List<Message> messages = new ArrayList<>();
    while (messages.size() < count) {
      Delivery delivery = next(source);
      messages.addAll(delivery.messages());
      settle(delivery, Outcome.STORED);
    }
    return messages;
  }

  @Test
  void aRegistryThatIsAwayHoldsTheTopicAndRejectsNothing() throws InterruptedException {
    int id = registry.register(SCHEMA);
    registry.fail(503);
    KafkaSource source = byRegistry(false);
    for (int n = 0; n < 10; n++) {
      send(AvroBytes.registered(id, departure(n)));
    }
    eventually("it is told", () -> observer.all(SourceFailed.class).size() == 1);
    Moment before = Moment.now();
    eventually("it is asked again", () -> registry.requests().size() > 3);
    assertThat(source.receive(Duration.ZERO)).isEmpty();
    assertThat(server().members(group)).isEqualTo(1);
    assertThat(source.lastReceive().filter(last -> last.isAfter(before)))
        .as("/health sees that nothing can be taken")
        .isEmpty();

    registry.fail(0);
    List<Message> messages = stored(source, 10);

    assertThat(messages).extracting(Message::unreadable).containsOnlyNulls();
    assertThat(messages).extracting(m -> m.payload().text()).isEqualTo(numbered(0, 10));
    isCommitted(topic, 10);
    assertThat(observer.all(SourceRecovered.class)).hasSize(1);
    assertThat(observer.all(SourceFailed.class)).hasSize(1);
  }

  @Test
  void whatIsNoValueIsRejectedWithItsBytesAndTheNextOneComes() throws InterruptedException {
    int id = registry.register(SCHEMA);
    int bytes = registry.register("{\"type\":\"map\",\"values\":\"bytes\"}");
    byte[] claims = AvroBytes.by(to -> to.writeLong(Integer.MAX_VALUE));
    List<byte[]> hostile =
        List.of(
            AvroBytes.registered(4711, departure(1)),
            AvroBytes.registered(id, new byte[0]),
            AvroBytes.registered(id, new byte[] {2, 2}),
            AvroBytes.registered(bytes, claims),
            new byte[0],
            new byte[] {0, 0, 0},
            "{\"n\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    hostile.forEach(this::send);
    send(AvroBytes.registered(id, departure(2)));

    List<Message> messages = stored(byRegistry(false), hostile.size() + 1);

    for (int i = 0; i < hostile.size(); i++) {
      assertThat(messages.get(i).payload().copy()).isEqualTo(hostile.get(i));
      assertThat(messages.get(i).unreadable())
          .isNotNull()
          .extracting(why -> why.reason())
          .isEqualTo(i == 0 ? ReasonCode.PAYLOAD_SCHEMA_MISSING : ReasonCode.PAYLOAD_MALFORMED);
    }
    assertThat(messages.getLast().payload().text()).isEqualTo("{\"n\":2}");
    isCommitted(topic, hostile.size() + 1);
    assertThat(observer.all(SourceFailed.class)).isEmpty();
  }

  @Test
  void autoTakesJsonBesideIt() throws InterruptedException {
    int id = registry.register(SCHEMA);
    topic.send("{\"n\":0}");
    send(AvroBytes.registered(id, departure(1)));
    topic.send("no json");

    assertThat(stored(byRegistry(true), 3))
        .extracting(m -> m.payload().text())
        .containsExactly("{\"n\":0}", "{\"n\":1}", "no json");
  }

  @Test
  void aSchemaFromAFileReadsPlainValuesAndSingleObjects() throws InterruptedException {
    long fingerprint = SchemaNormalization.parsingFingerprint64(AvroBytes.schema(SCHEMA));
    for (long mark : new long[] {fingerprint, fingerprint + 1}) {
      byte[] value = departure(7);
      send(
          ByteBuffer.allocate(10 + value.length)
              .putShort((short) 0xC301)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(mark)
              .put(value)
              .array());
    }
    send(departure(-98)); // which begins as a single object does

    List<Message> messages =
        stored(open(new ValueFormat.AvroBySchema(SCHEMA), KafkaSettings.Limits.DEFAULT), 3);

    assertThat(messages.getFirst().payload().text()).isEqualTo("{\"n\":7}");
    assertThat(messages.get(1).unreadable()).isNotNull();
    assertThat(messages.getLast().payload().text()).isEqualTo("{\"n\":-98}");
  }

  /** A few bytes that become megabytes are held as what they become. */
  @Test
  void permitsAreOfWhatIsHeld() throws InterruptedException {
    int id = registry.register("{\"type\":\"array\",\"items\":\"null\"}");
    byte[] million = AvroBytes.by(to -> to.writeLong(1_000_000));
    byte[] ended = java.util.Arrays.copyOf(million, million.length + 1);
    for (int i = 0; i < 20; i++) {
      send(AvroBytes.registered(id, ended));
    }
    KafkaSource source =
        open(
            new ValueFormat.AvroByRegistry(new RegistrySettings(registry.endpoint(), null), false),
            new KafkaSettings.Limits(10_000, 12 << 20));

    List<Delivery> held = new ArrayList<>();
    int messages = 0;
    while (messages < 3) {
      held.add(next(source));
      messages += held.getLast().messages().size();
    }
    assertThat(source.receive(Duration.ofMillis(500))).isEmpty();
    assertThat(messages).isEqualTo(3);
    held.forEach(delivery -> settle(delivery, Outcome.STORED));
    assertThat(stored(source, 17)).hasSize(17);
    isCommitted(topic, 20);
  }
}
