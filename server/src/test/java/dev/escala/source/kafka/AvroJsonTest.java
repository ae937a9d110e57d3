package dev.escala.source.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.BinaryEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of each type, and of bytes that are no value. */
class AvroJsonTest {
  private static String json(String schema, byte[] value) {
    return new String(AvroJson.of(AvroBytes.schema(schema), value, 0), UTF_8);
  }

  private static String refused(String schema, byte[] value) {
    Schema read = AvroBytes.schema(schema);
    try {
      return "taken: " + new String(AvroJson.of(read, value, 0), UTF_8);
    } catch (NotAvro refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "date                   | 0                    | 1970-01-01",
        "date                   | 20421                | 2025-11-29",
        "time-millis            | 0                    | 00:00:00",
        "time-millis            | 36000123             | 10:00:00.123",
        "time-micros            | 86399999999          | 23:59:59.999999",
        "timestamp-millis       | 1764412800123        | 2025-11-29T10:40:00.123Z",
        "timestamp-millis       | -1                   | 1969-12-31T23:59:59.999Z",
        "timestamp-micros       | 1764412800123456     | 2025-11-29T10:40:00.123456Z",
        "timestamp-nanos        | 1764412800123456789  | 2025-11-29T10:40:00.123456789Z",
        "timestamp-nanos        | -9223372036854775808 | 1677-09-21T00:12:43.145224192Z",
        "local-timestamp-millis | 1764412800000        | 2025-11-29T10:40:00",
        "local-timestamp-micros | 1764412800123456     | 2025-11-29T10:40:00.123456",
        "local-timestamp-nanos  | 1                    | 1970-01-01T00:00:00.000000001",
      })
  void timesAreIso(String logical, long number, String text) {
    boolean isInt = logical.equals("date") || logical.equals("time-millis");
    String schema =
        "{\"type\":\"%s\",\"logicalType\":\"%s\"}".formatted(isInt ? "int" : "long", logical);

    assertThat(json(schema, AvroBytes.by(to -> to.writeLong(number)))).isEqualTo('"' + text + '"');
  }

  @Test
  void numbersKeepAllOfTheirDigits() {
    assertThat(json("\"long\"", AvroBytes.by(to -> to.writeLong(Long.MIN_VALUE))))
        .isEqualTo("-9223372036854775808");
    assertThat(json("\"float\"", AvroBytes.by(to -> to.writeFloat(0.1f)))).isEqualTo("0.1");
    assertThat(json("\"double\"", AvroBytes.by(to -> to.writeDouble(1e300)))).isEqualTo("1.0E300");
    assertThat(json("\"double\"", AvroBytes.by(to -> to.writeDouble(Double.NaN)))).isEqualTo("NaN");
    assertThat(json("\"float\"", AvroBytes.by(to -> to.writeFloat(Float.NEGATIVE_INFINITY))))
        .isEqualTo("-Infinity");
    String decimal =
        """
        {"type":"bytes","logicalType":"decimal","precision":38,"scale":4}\
        """;
    byte[] unscaled = new BigInteger("-12345678901234567890123456789012345600").toByteArray();
    assertThat(json(decimal, AvroBytes.by(to -> to.writeBytes(unscaled))))
        .isEqualTo("-1234567890123456789012345678901234.5600");
    assertThat(json(decimal, AvroBytes.by(to -> to.writeBytes(new byte[] {1}))))
        .isEqualTo("0.0001");
    byte[] big = AvroBytes.by(to -> bigDecimal(to, new BigDecimal("12.50")));
    assertThat(
            json(
                "{\"type\":\"bytes\",\"logicalType\":\"big-decimal\"}",
                AvroBytes.by(to -> to.writeBytes(big))))
        .isEqualTo("12.50");
  }

  private static void bigDecimal(BinaryEncoder to, BigDecimal number) throws java.io.IOException {
    to.writeBytes(number.unscaledValue().toByteArray());
    to.writeInt(number.scale());
  }

  @Test
  void bytesAreHexAndWhatHasAFormOfItsOwnHasThat() {
    assertThat(json("\"bytes\"", AvroBytes.by(to -> to.writeBytes(new byte[] {0, (byte) 0xbe}))))
        .isEqualTo("\"\\\\x00be\"");
    String uuid = "{\"type\":\"fixed\",\"name\":\"u\",\"size\":16,\"logicalType\":\"uuid\"}";
    byte[] sixteen = ByteBuffer.allocate(16).putLong(0x0123456789abcdefL).putLong(-1).array();
    assertThat(json(uuid, sixteen)).isEqualTo("\"01234567-89ab-cdef-ffff-ffffffffffff\"");
    String duration =
        "{\"type\":\"fixed\",\"name\":\"d\",\"size\":12,\"logicalType\":\"duration\"}";
    byte[] twelve = {14, 0, 0, 0, 3, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    assertThat(json(duration, twelve)).isEqualTo("\"P14M3DT4294967.295S\"");
  }

  @Test
  void containersAreJsonAndAUnionIsItsValue() {
    String schema =
        """
        {"type":"record","name":"r","fields":[
          {"name":"u","type":["null","string",{"type":"array","items":"int"}]},
          {"name":"m","type":{"type":"map","values":["null","boolean"]}},
          {"name":"e","type":{"type":"enum","name":"k","symbols":["ON","OFF"]}},
          {"name":"n","type":{"type":"record","name":"i","fields":[]}}]}
        """;
    Schema read = AvroBytes.schema(schema);
    GenericData.Record value = new GenericData.Record(read);
    value.put("u", List.of(1, -2));
    value.put("m", java.util.Collections.singletonMap("a\"\u0000ü", null));
    value.put("e", new GenericData.EnumSymbol(read.getField("e").schema(), "OFF"));
    value.put("n", new GenericData.Record(read.getField("n").schema()));

    assertThat(json(schema, AvroBytes.of(read, value)))
        .isEqualTo("{\"u\":[1,-2],\"m\":{\"a\\\"\\u0000ü\":null},\"e\":\"OFF\",\"n\":{}}");
  }

  @Test
  void blocksMayHaveTheirSizeBeforeThem() {
    byte[] blocks =
        AvroBytes.by(
            to -> {
              to.writeLong(-2);
              to.writeLong(2);
              to.writeInt(1);
              to.writeInt(2);
              to.writeLong(1);
              to.writeInt(3);
              to.writeLong(0);
            });

    assertThat(json("{\"type\":\"array\",\"items\":\"int\"}", blocks)).isEqualTo("[1,2,3]");
  }

  @Test
  void noLengthIsBelieved() {
    for (long length : new long[] {3, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      byte[] claims = AvroBytes.by(to -> to.writeLong(length));
      assertThat(refused("\"bytes\"", claims)).contains("bytes are to follow, and 0 do");
      assertThat(refused("\"string\"", claims)).contains("bytes are to follow, and 0 do");
    }
    String nulls = "{\"type\":\"array\",\"items\":\"null\"}";
    for (long count : new long[] {Integer.MAX_VALUE, Long.MAX_VALUE}) {
      assertThat(refused(nulls, AvroBytes.by(to -> to.writeLong(count))))
          .contains("as JSON it has more than 16,777,216 bytes");
    }
    assertThat(refused(nulls, AvroBytes.by(to -> to.writeLong(Long.MIN_VALUE))))
        .contains("out of its range");
    assertThat(refused("\"int\"", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}))
        .contains("a number that is none");
  }

  @Test
  void aSchemaCanMakeMuchOfNothingAndIsStopped() {
    assertThat(
            refused(
                "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"r\",\"type\":\"r\"}]}",
                new byte[0]))
        .contains("deeper than 100 levels");
    StringBuilder wide = new StringBuilder("\"null\"");
    for (int level = 0; level < 8; level++) {
      String inner = wide.toString();
      wide.setLength(0);
      wide.append("{\"type\":\"record\",\"name\":\"l").append(level).append("\",\"fields\":[");
      for (int field = 0; field < 10; field++) {
        String type = field == 0 ? inner : level == 0 ? "\"null\"" : "\"l" + (level - 1) + '"';
        wide.append("{\"name\":\"f").append(field).append("\",\"type\":").append(type).append('}');
        wide.append(field == 9 ? "]}" : ",");
      }
    }
    assertThat(refused(wide.toString(), new byte[0])).contains("more than 16,777,216 bytes");
    String scale = "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":%d,\"scale\":%d}";
    assertThat(
            refused(
                scale.formatted(2_000_000_000, 2_000_000_000),
                AvroBytes.by(to -> to.writeBytes(new byte[] {1}))))
        .contains("more than 1000 digits");
    assertThat(refused(scale.formatted(9, 2), AvroBytes.by(to -> to.writeBytes(new byte[1 << 20]))))
        .contains("more than 1000 digits");
    assertThat(refused(scale.formatted(9, 2), AvroBytes.by(to -> to.writeBytes(new byte[0]))))
        .contains("no digits");
  }

  @Test
  void whatIsCutOrHasMoreBehindItIsNoValue() {
    String schema =
        """
        {"type":"record","name":"r","fields":[
          {"name":"a","type":"string"},{"name":"b","type":["null","double"]},
          {"name":"c","type":{"type":"enum","name":"k","symbols":["ON"]}}]}
        """;
    Schema read = AvroBytes.schema(schema);
    GenericData.Record value = new GenericData.Record(read);
    value.put("a", "text");
    value.put("b", 1.5);
    value.put("c", new GenericData.EnumSymbol(read.getField("c").schema(), "ON"));
    byte[] whole = AvroBytes.of(read, value);

    for (int length = 0; length < whole.length; length++) {
      assertThat(refused(schema, java.util.Arrays.copyOf(whole, length))).doesNotStartWith("taken");
    }
    assertThat(refused(schema, java.util.Arrays.copyOf(whole, whole.length + 3)))
        .isEqualTo("3 bytes are left behind it");
    assertThat(refused("[\"null\",\"int\"]", new byte[] {4})).contains("it chooses number 2 of 2");
    assertThat(refused("\"string\"", new byte[] {2, (byte) 0xff})).contains("not valid UTF-8");
    String time = "{\"type\":\"int\",\"logicalType\":\"time-millis\"}";
    assertThat(refused(time, AvroBytes.by(to -> to.writeInt(-1)))).contains("out of its range");
    assertThatThrownBy(() -> AvroJson.of(read, new byte[0], 0)).isInstanceOf(NotAvro.class);
  }
}
