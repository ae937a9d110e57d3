package dev.escala.source.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Values in binary, written and read by Avro itself. */
final class AvroBytes {
  private AvroBytes() {}

  static Schema schema(String json) {
    return new Schema.Parser().parse(json);
  }

  static byte[] of(Schema schema, Object value) {
    return by(encoder -> new GenericDatumWriter<>(schema).write(value, encoder));
  }

  interface Writing {
    void to(BinaryEncoder encoder) throws IOException;
  }

  /** What no writer of values writes. */
  static byte[] by(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      writing.to(encoder);
      encoder.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** Behind the id of its schema. */
  static byte[] registered(int id, byte[] value) {
    return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
  }

  static Object read(Schema schema, byte[] value) {
    try {
      return new GenericDatumReader<>(schema, schema, new GenericData())
          .read(null, DecoderFactory.get().binaryDecoder(value, null));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
