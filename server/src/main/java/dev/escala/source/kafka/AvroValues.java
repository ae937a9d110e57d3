package dev.escala.source.kafka;

import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.source.kafka.ValueOpening.Opened;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** Values of one schema of Avro. */
final class AvroValues {
  private final Schema schema;
  private final long fingerprint;

  private AvroValues(Schema schema) {
    this.schema = schema;
    this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
  }

  /**
   * By a schema as JSON. A default that does not fit its field changes nothing of what was written.
   *
   * @throws RuntimeException if it is none, mostly one of Avro
   */
  static AvroValues of(String schema) {
    return new AvroValues(new Schema.Parser().setValidateDefaults(false).parse(schema));
  }

  /** CRC-64-AVRO of the schema in its canonical form. */
  long fingerprint() {
    return fingerprint;
  }

  /** The value as JSON, or why it is none; its binary begins at the offset. */
  Opened open(byte[] value, int offset) {
    try {
      return new Opened(Payload.of(AvroJson.of(schema, value, offset)), null);
    } catch (NotAvro refused) {
      return Opened.rejected(
          value,
          ReasonCode.PAYLOAD_MALFORMED,
          "The value cannot be read by its schema %s: %s"
              .formatted(schema.getFullName(), refused.getMessage()));
    }
  }
}
