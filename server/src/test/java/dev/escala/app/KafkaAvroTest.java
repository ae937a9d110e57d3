package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.KafkaServer;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RegistryServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From records in Avro to rows, through a whole server, a broker and a registry. */
@Tag("integration")
@Timeout(180)
class KafkaAvroTest {
  private static final String YAML =
      """
      auth: none
      canary: {enabled: false}
      databases: {a: {url: "${URL}"}}
      topics:
        "*": {table: "a.{topic}"}
        ${TOPIC}: {table: "a.${TOPIC}", key: $.id, time: $.at}
      sources:
        - kafka:
            brokers: "${BROKERS}"
            subscribe: "${TOPIC}"
            group: "${GROUP}"
            format: FORMAT
            schema-registry: {url: "${REGISTRY}", username: "u", password: "p"}
      """;

  private static final String FIRST =
      """
      {"type":"record","name":"Departure","fields":[
        {"name":"id","type":{"type":"string","logicalType":"uuid"}},
        {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
        {"name":"fare","type":["null",
          {"type":"bytes","logicalType":"decimal","precision":20,"scale":2}]}]}
      """;

  private static final String SECOND =
      FIRST.strip().replaceFirst("]}$", ",{\"name\":\"gate\",\"type\":[\"null\",\"string\"]}]}");

  private static final String ID = "00000000-0000-4000-8000-00000000000";

  private final Database database = PostgresServer.newDatabase();
  private final RegistryServer registry = new RegistryServer();
  private final String group = KafkaServer.newName();
  private final KafkaServer.Topic topic =
      KafkaServer.shared().newTopic("avro_" + group.replace('-', '_'), 1);

  KafkaAvroTest() {
    registry.demand("Basic dTpw");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private RunningServer start(String format) {
    // The name of a topic is a key here, which no variable can be.
    String yaml = YAML.replace("${TOPIC}", topic.name()).replace("FORMAT", format);
    if (format.equals("json")) {
      yaml = yaml.substring(0, yaml.indexOf("      schema-registry"));
    }
    return RunningServer.start(
        yaml,
        database,
        Map.of(
            "BROKERS",
            String.join(",", KafkaServer.shared().addresses()),
            "GROUP",
            group,
            "REGISTRY",
            registry.endpoint().toString()));
  }

  private static byte[] departure(String schema, int number) {
    Schema read = new Schema.Parser().parse(schema);
    GenericData.Record value = new GenericData.Record(read);
    value.put("id", ID + number);
    value.put("at", 1_764_412_800_123_456L + number);
    value.put("fare", ByteBuffer.wrap(new byte[] {(byte) number, 0}));
    if (read.getField("gate") != null) {
      value.put("gate", "A" + number);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<>(read).write(value, encoder);
      encoder.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private void send(int id, byte[] value) {
    byte[] behind =
        ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
    topic.send(new ProducerRecord<>(topic.name(), 0, null, behind));
    topic.flush();
  }

  private void committed(long messages) {
    eventually(
        "committed",
        () -> Map.of(0, messages).equals(KafkaServer.shared().committed(group, topic)));
  }

  private String rows(String columns) {
    return String.join(
        "; ", database.rows("SELECT %s FROM %s ORDER BY id".formatted(columns, topic.name())));
  }

  private String letters() {
    return String.join(
        "; ",
        database.rows(
            "SELECT reason, octet_length(body), status FROM escala.dead_letter ORDER BY 2 DESC"));
  }

  @Test
  void aSecondSchemaOfATopicAddsAColumn() {
    int first = registry.register(FIRST);
    int second = registry.register(SECOND);
    send(first, departure(FIRST, 1));
    send(second, departure(SECOND, 2));
    send(first, departure(FIRST, 3));
    send(first, departure(FIRST, 3));
    try (RunningServer server = start("avro")) {
      committed(4);
      assertThat(rows("right(id::text, 1), fare, gate")).isEqualTo("1|2.56|; 2|5.12|A2; 3|7.68|");
      assertThat(
              database.rows(
                  "SELECT column_name, data_type FROM information_schema.columns"
                      + " WHERE table_name = '%s' AND column_name IN ('id', 'at', 'fare', 'gate')"
                          .formatted(topic.name())
                      + " ORDER BY 1"))
          .containsExactly("at|timestamp with time zone", "fare|numeric", "gate|text", "id|uuid");
      assertThat(
              rows("(extract(epoch FROM at) * 1000000)::bigint = 1764412800123456 + fare / 2.56"))
          .isEqualTo("t; t; t");
      assertThat(rows("_event_time = at")).isEqualTo("t; t; t");
      assertThat(server.metric("ingest_rows_total", "result=\"duplicate\"")).isEqualTo(1);
      assertThat(letters()).isEmpty();
    }
  }

  @Test
  void whatCouldNotBeReadIsReplayedOnceItCan() {
    int id = registry.register(FIRST);
    byte[] value = departure(FIRST, 1);
    send(id + 1, value);
    send(id, new byte[] {1, 2, 3});
    send(id, departure(FIRST, 2));
    try (RunningServer server = start("avro")) {
      committed(3);
      assertThat(letters())
          .isEqualTo(
              "payload.schema_missing|%d|new; payload.malformed|8|new".formatted(5 + value.length));

      assertThat(registry.register(FIRST)).isEqualTo(id + 1);
      assertThat(server.send("POST", "admin:/dead-letters/replay", "").body())
          .contains("\"stored\":1")
          .contains("payload.malformed");
      assertThat(rows("fare")).isEqualTo("2.56; 5.12");
      assertThat(letters()).contains("|resolved; payload.malformed|8|new");
    }
  }

  /** Who forgets to say what the values are says it later, and has all of them. */
  @Test
  void whatWasTakenForJsonIsReplayedAsWhatItIs() {
    int id = registry.register(FIRST);
    send(id, departure(FIRST, 1));
    try (RunningServer server = start("json")) {
      committed(1);
      assertThat(letters()).startsWith("json.malformed");
      assertThat(server.get("/ping").statusCode()).isEqualTo(200);
    }
    try (RunningServer server = start("auto")) {
      registry.fail(500);
      assertThat(server.send("POST", "admin:/dead-letters/replay", "").body())
          .contains("payload.schema_missing");
      registry.fail(0);
      eventually(
          "it is stored",
          () ->
              server
                  .send("POST", "admin:/dead-letters/replay", "")
                  .body()
                  .contains("\"stored\":1"));
      assertThat(rows("fare")).isEqualTo("2.56");
    }
  }

  /** Nothing of a message is lost while nobody knows its schema. */
  @Test
  void aRegistryThatIsAwayIsToldAndNothingIsRejected() {
    int id = registry.register(FIRST);
    registry.fail(429);
    send(id, departure(FIRST, 1));
    try (RunningServer server = start("avro")) {
      eventually("it is asked", () -> registry.requests().size() > 2);
      assertThat(server.metric("ingest_source_failures_total", "source=\"kafka\"")).isEqualTo(1);
      registry.fail(0);
      committed(1);
      assertThat(rows("fare")).isEqualTo("2.56");
      assertThat(letters()).isEmpty();
    }
  }
}
