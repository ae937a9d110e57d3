package dev.escala.app;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.KafkaServer;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows have what Avro's own reader, with its own conversions, says of random values. */
@Tag("integration")
@Timeout(180)
class KafkaAvroTypesTest {
  private static final int ROWS = 200;

  /** Each may be null. */
  private static final String[][] FIELDS = {
    {"b", "\"boolean\"", "boolean"},
    {"i", "\"int\"", "bigint"},
    {"l", "\"long\"", "bigint"},
    {"f", "\"float\"", "numeric"},
    {"d", "\"double\"", "numeric"},
    {"s", "\"string\"", "text"},
    {"y", "\"bytes\"", "text"},
    {"x", "{\"type\":\"fixed\",\"name\":\"X\",\"size\":3}", "text"},
    {"e", "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"ON\",\"OFF\"]}", "text"},
    {"a", "{\"type\":\"array\",\"items\":\"int\"}", "jsonb"},
    {"m", "{\"type\":\"map\",\"values\":\"long\"}", "jsonb"},
    {
      "dec",
      logical("bytes", "decimal\",\"precision\":30,\"scale\":\"6").replace("\"6\"", "6"),
      "numeric"
    },
    {"day", logical("int", "date"), "date"},
    {"tms", logical("int", "time-millis"), "text"},
    {"tus", logical("long", "time-micros"), "text"},
    {"pms", logical("long", "timestamp-millis"), "timestamp with time zone"},
    {"pus", logical("long", "timestamp-micros"), "timestamp with time zone"},
    {"pns", logical("long", "timestamp-nanos"), "timestamp with time zone"},
    {"lms", logical("long", "local-timestamp-millis"), "timestamp without time zone"},
    {"lus", logical("long", "local-timestamp-micros"), "timestamp without time zone"},
    {"lns", logical("long", "local-timestamp-nanos"), "timestamp without time zone"},
    {"u", logical("string", "uuid"), "uuid"},
  };

  private final Database database = PostgresServer.newDatabase();
  private final String group = KafkaServer.newName();
  private final KafkaServer.Topic topic =
      KafkaServer.shared().newTopic("types_" + group.replace('-', '_'), 1);
  private final Random random = new Random(4711);

  private static String logical(String type, String logical) {
    return "{\"type\":\"%s\",\"logicalType\":\"%s\"}".formatted(type, logical);
  }

  private static Schema schema() {
    StringBuilder fields = new StringBuilder("{\"name\":\"n\",\"type\":\"int\"}");
    for (String[] field : FIELDS) {
      fields.append(",{\"name\":\"%s\",\"type\":[\"null\",%s]}".formatted(field[0], field[1]));
    }
    return new Schema.Parser()
        .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[%s]}".formatted(fields));
  }

  /** From the year 1 to the year 9999, in such units of a second. */
  private long time(long perSecond) {
    long seconds = random.nextLong(-62_135_596_800L, 253_402_300_799L);
    return seconds * perSecond + random.nextLong(perSecond);
  }

  private long nanos() {
    return random.nextLong(Long.MIN_VALUE, Long.MAX_VALUE) / 1000 * 1000;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private Object value(String name, Schema type) {
    return switch (name) {
      case "b" -> random.nextBoolean();
      case "i" -> random.nextInt();
      case "l" -> random.nextLong();
      case "f" -> Float.intBitsToFloat(random.nextInt(0x0080_0000, 0x7f00_0000));
      case "d" -> random.nextGaussian() * Math.pow(10, random.nextInt(-200, 200));
      case "s" -> "ñ" + Integer.toString(random.nextInt(), 36) + "\"\\\n\uD83D\uDEEB";
      case "y" -> ByteBuffer.wrap(bytes(random.nextInt(20)));
      case "x" -> new GenericData.Fixed(type, bytes(3));
      case "e" -> new GenericData.EnumSymbol(type, random.nextBoolean() ? "ON" : "OFF");
      case "a" -> List.of(random.nextInt(), random.nextInt());
      case "m" -> Map.of("k", random.nextLong());
      case "dec" ->
          ByteBuffer.wrap(
              new BigInteger(99, random).subtract(BigInteger.TWO.pow(98)).toByteArray());
      case "day" -> random.nextInt(-719_162, 2_932_896);
      case "tms" -> random.nextInt(86_400_000);
      case "tus" -> random.nextLong(86_400_000_000L);
      case "pms", "lms" -> time(1_000);
      case "pus", "lus" -> time(1_000_000);
      case "pns", "lns" -> nanos();
      default -> new UUID(random.nextLong(), random.nextLong()).toString();
    };
  }

  private byte[] record(Schema schema, int number) throws IOException {
    GenericRecord record = new GenericData.Record(schema);
    record.put("n", number);
    for (String[] field : FIELDS) {
      Schema type = schema.getField(field[0]).schema().getTypes().getLast();
      record.put(field[0], random.nextInt(5) == 0 ? null : value(field[0], type));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static GenericRecord read(Schema schema, byte[] bytes) throws IOException {
    GenericData data = new GenericData();
    data.addLogicalTypeConversion(new Conversions.DecimalConversion());
    data.addLogicalTypeConversion(new Conversions.UUIDConversion());
    data.addLogicalTypeConversion(new TimeConversions.DateConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimeMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.TimestampNanosConversion());
    data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
    data.addLogicalTypeConversion(new TimeConversions.LocalTimestampMicrosConversion());
    data.addLogicalTypeConversion(new TimeConversions.LocalTimestampNanosConversion());
    return new GenericDatumReader<GenericRecord>(schema, schema, data)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  private static String micros(Instant instant) {
    return String.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
  }

  /** As the query below gives it. */
  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Boolean bool -> bool ? "t" : "f";
      case Float number -> new BigDecimal(number.toString()).toPlainString();
      case Double number -> new BigDecimal(number.toString()).toPlainString();
      case BigDecimal number -> number.toPlainString();
      case Instant instant -> micros(instant);
      case LocalDateTime local -> micros(local.toInstant(ZoneOffset.UTC));
      case LocalTime time -> DateTimeFormatter.ISO_LOCAL_TIME.format(time);
      case ByteBuffer bytes -> "\\x" + HexFormat.of().formatHex(copy(bytes));
      case GenericData.Fixed fixed -> "\\x" + HexFormat.of().formatHex(fixed.bytes());
      case Map<?, ?> map -> "{\"k\": %s}".formatted(map.values().iterator().next());
      default -> value.toString();
    };
  }

  private static String selected(String[] field) {
    return field[2].startsWith("timestamp")
        ? "(extract(epoch FROM %s) * 1000000)::bigint".formatted(field[0])
        : field[0];
  }

  @Test
  void rowsHaveWhatAvroReads(@TempDir Path folder) throws Exception {
    Schema schema = schema();
    Path file = Files.writeString(folder.resolve("r.avsc"), schema.toString());
    List<String> expected = new ArrayList<>();
    for (int n = 0; n < ROWS; n++) {
      byte[] value = record(schema, n);
      topic.send(new ProducerRecord<>(topic.name(), 0, null, value));
      GenericRecord read = read(schema, value);
      List<String> row = new ArrayList<>();
      for (String[] field : FIELDS) {
        row.add(text(read.get(field[0])));
      }
      expected.add(String.join("|", row));
    }
    topic.flush();
    String yaml =
        """
        auth: none
        canary: {enabled: false}
        databases: {a: {url: "${URL}"}}
        topics: {"*": {table: "a.{topic}"}}
        sources:
          - kafka: {brokers: "${BROKERS}", subscribe: %s, group: %s, format: avro, schema: %s}
        """
            .formatted(topic.name(), group, file);
    try (RunningServer server =
        RunningServer.start(
            yaml,
            database,
            Map.of("BROKERS", String.join(",", KafkaServer.shared().addresses())))) {
      eventually(
          "all are settled",
          () -> Map.of(0, (long) ROWS).equals(KafkaServer.shared().committed(group, topic)));
      assertThat(database.rows("SELECT reason, detail FROM escala.dead_letter")).isEmpty();
      assertThat(types()).containsExactlyInAnyOrder(wanted());
      List<String> columns = new ArrayList<>();
      for (String[] field : FIELDS) {
        columns.add(selected(field));
      }
      assertThat(
              database.rows(
                  "SELECT %s FROM %s ORDER BY n"
                      .formatted(String.join(", ", columns), topic.name())))
          .isEqualTo(expected);
      assertThat(server.get("/ping").statusCode()).isEqualTo(200);
    }
  }

  private List<String> types() {
    return database.rows(
        "SELECT column_name, data_type FROM information_schema.columns"
            + " WHERE table_name = '%s' AND column_name !~ '^(_|n$)'".formatted(topic.name()));
  }

  private static String[] wanted() {
    List<String> wanted = new ArrayList<>();
    for (String[] field : FIELDS) {
      wanted.add(field[0] + "|" + field[2]);
    }
    return wanted.toArray(String[]::new);
  }
}
