package dev.escala.source.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Writes a value as JSON while it reads it, so that nothing is held of it but what is written. No
 * length that the value claims is believed before as many bytes are there.
 */
final class AvroJson {
  /** As many as the decoder takes, of messages of any source. */
  private static final int MAX_BYTES = 16 << 20;

  private static final int MAX_DEPTH = 100;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          // NaN as it stands: what becomes of it is a policy of the column, as in any JSON.
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private final BinaryDecoder in;
  private final JsonGenerator out;
  private int depth;

  private AvroJson(BinaryDecoder in, JsonGenerator out) {
    this.in = in;
    this.out = out;
  }

  /**
   * The value that begins at the offset and ends with the array.
   *
   * @throws NotAvro if it does not
   */
  static byte[] of(Schema schema, byte[] value, int offset) {
    BinaryDecoder in =
        DecoderFactory.get().binaryDecoder(value, offset, value.length - offset, null);
    Limited json = new Limited();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
      new AvroJson(in, out).value(schema);
      if (!in.isEnd()) {
        throw new NotAvro("%,d bytes are left behind it".formatted(in.inputStream().available()));
      }
    } catch (NotAvro refused) {
      throw refused;
    } catch (DateTimeException | ArithmeticException outside) {
      throw new NotAvro("a time or number is out of its range");
    } catch (IOException | RuntimeException cut) {
      // Whatever comes of strange bytes must not stop their partition.
      throw new NotAvro("it ends too early, or holds a number that is none");
    }
    return json.toByteArray();
  }

  private void value(Schema schema) throws IOException {
    switch (schema.getType()) {
      case NULL -> out.writeNull();
      case BOOLEAN -> out.writeBoolean(in.readBoolean());
      case INT -> AvroLogical.number(schema, in.readInt(), out);
      case LONG -> AvroLogical.number(schema, in.readLong(), out);
      case FLOAT -> out.writeNumber(in.readFloat());
      case DOUBLE -> out.writeNumber(in.readDouble());
      case STRING -> out.writeString(text());
      case BYTES -> AvroLogical.bytes(schema, bytes(in.readLong()), out);
      case FIXED -> AvroLogical.bytes(schema, bytes(schema.getFixedSize()), out);
      case ENUM ->
          out.writeString(schema.getEnumSymbols().get(index(schema.getEnumSymbols().size())));
      case UNION -> value(schema.getTypes().get(index(schema.getTypes().size())));
      case RECORD, ARRAY, MAP -> container(schema);
    }
  }

  private void container(Schema schema) throws IOException {
    if (++depth > MAX_DEPTH) {
      throw new NotAvro("it nests deeper than " + MAX_DEPTH + " levels");
    }
    if (schema.getType() == Schema.Type.ARRAY) {
      out.writeStartArray();
      items(() -> value(schema.getElementType()));
      out.writeEndArray();
    } else {
      out.writeStartObject();
      if (schema.getType() == Schema.Type.MAP) {
        items(() -> member(text(), schema.getValueType()));
      } else {
        for (Schema.Field field : schema.getFields()) {
          member(field.name(), field.schema());
        }
      }
      out.writeEndObject();
    }
    depth--;
  }

  private void member(String name, Schema schema) throws IOException {
    out.writeName(name);
    value(schema);
  }

  private interface Item {
    void read() throws IOException;
  }

  /** Blocks of items, each behind their number; a negative one has the size of its block, too. */
  private void items(Item item) throws IOException {
    for (long left = in.readLong(); left != 0; left = in.readLong()) {
      if (left < 0) {
        left = Math.negateExact(left);
        var _ = in.readLong();
      }
      for (; left > 0; left--) {
        item.read();
      }
    }
  }

  private int index(int size) throws IOException {
    int index = in.readInt();
    if (index < 0 || index >= size) {
      throw new NotAvro("it chooses number %d of %d".formatted(index, size));
    }
    return index;
  }

  private byte[] bytes(long length) throws IOException {
    int there = in.inputStream().available();
    if (length < 0 || length > there) {
      throw new NotAvro("%d bytes are to follow, and %d do".formatted(length, there));
    }
    byte[] bytes = new byte[(int) length];
    in.readFixed(bytes);
    return bytes;
  }

  private String text() throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes(in.readLong())))
          .toString();
    } catch (CharacterCodingException malformed) {
      throw new NotAvro("a text is not valid UTF-8");
    }
  }

  /** A few bytes can say a lot: a number of nulls, or of empty records. */
  private static final class Limited extends ByteArrayOutputStream {
    @Override
    public synchronized void write(int octet) {
      require(1);
      super.write(octet);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      require(length);
      super.write(bytes, offset, length);
    }

    private void require(int more) {
      if (count > MAX_BYTES - more) {
        throw new NotAvro("as JSON it has more than %,d bytes".formatted(MAX_BYTES));
      }
    }
  }
}
