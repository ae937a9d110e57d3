package dev.escala.source.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.RandomData;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Any value of any schema says as JSON what Avro's own reader says of it; and any bytes end. */
class AvroJsonProperties {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .build();

  private static final List<String> SCALARS =
      List.of("null", "boolean", "int", "long", "float", "double", "string", "bytes");

  /** A schema that these numbers choose, in JSON; each record and fixed has a name of its own. */
  private static String schema(Random chosen, int depth, int[] names) {
    int kind = chosen.nextInt(depth > 3 ? 8 : 13);
    return switch (kind) {
      case 8 -> {
        StringBuilder fields = new StringBuilder();
        int name = names[0]++;
        int count = chosen.nextInt(4);
        for (int i = 0; i < count; i++) {
          fields.append(i == 0 ? "" : ",");
          fields.append("{\"name\":\"f" + i + "\",\"type\":");
          fields.append(schema(chosen, depth + 1, names)).append('}');
        }
        yield "{\"type\":\"record\",\"name\":\"r%d\",\"fields\":[%s]}".formatted(name, fields);
      }
      case 9 -> "{\"type\":\"array\",\"items\":%s}".formatted(schema(chosen, depth + 1, names));
      case 10 -> "{\"type\":\"map\",\"values\":%s}".formatted(schema(chosen, depth + 1, names));
      case 11 ->
          "[\"null\",{\"type\":\"fixed\",\"name\":\"x%d\",\"size\":%d}]"
              .formatted(names[0]++, chosen.nextInt(5));
      case 12 ->
          "{\"type\":\"enum\",\"name\":\"e%d\",\"symbols\":[\"A\",\"B\",\"C\"]}"
              .formatted(names[0]++);
      default -> '"' + SCALARS.get(kind) + '"';
    };
  }

  @Property
  void jsonSaysWhatAvroReads(@ForAll long seed) {
    Schema schema = AvroBytes.schema(schema(new Random(seed), 0, new int[1]));
    for (Object value : new RandomData(schema, 3, seed)) {
      byte[] binary = AvroBytes.of(schema, value);

      Object json = JSON.readValue(AvroJson.of(schema, binary, 0), Object.class);

      assertThat(text(json)).isEqualTo(text(expected(AvroBytes.read(schema, binary))));
    }
  }

  @Property
  void anyBytesAreAValueOrRefused(@ForAll long seed, @ForAll byte[] bytes) {
    Schema schema = AvroBytes.schema(schema(new Random(seed), 0, new int[1]));
    try {
      Object json = JSON.readValue(AvroJson.of(schema, bytes, 0), Object.class);
      assertThat(text(json)).isEqualTo(text(expected(AvroBytes.read(schema, bytes))));
    } catch (NotAvro refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  /** One text for numbers of the same value. */
  private static String text(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, String> members = new java.util.TreeMap<>();
        map.forEach((name, member) -> members.put(String.valueOf(name), text(member)));
        yield members.toString();
      }
      case List<?> list -> list.stream().map(AvroJsonProperties::text).toList().toString();
      case String string -> '"' + string + '"';
      case null -> "null";
      default -> String.valueOf(value);
    };
  }

  private static @Nullable Object expected(@Nullable Object read) {
    return switch (read) {
      case IndexedRecord record -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
          members.put(field.name(), expected(record.get(field.pos())));
        }
        yield members;
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        map.forEach((name, member) -> members.put(String.valueOf(name), expected(member)));
        yield members;
      }
      case List<?> list -> list.stream().map(AvroJsonProperties::expected).toList();
      case GenericFixed fixed -> "\\x" + java.util.HexFormat.of().formatHex(fixed.bytes());
      case ByteBuffer bytes -> {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        yield "\\x" + java.util.HexFormat.of().formatHex(copy);
      }
      case Float number -> Double.parseDouble(number.toString());
      case Boolean bool -> bool;
      case Number number -> number;
      case null -> null;
      default -> new String(read.toString().getBytes(UTF_8), UTF_8);
    };
  }
}
