package dev.escala.source.kafka;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import tools.jackson.core.JsonGenerator;

/** Numbers and bytes of Avro as what they mean, in the JSON that the decoder understands. */
final class AvroLogical {
  /** Longer numbers are no JSON of a message; nor may a few bytes become gigabytes of zeros. */
  private static final int MOST_DIGITS = 1000;

  private static final int MOST_NUMBER_BYTES = 416;
  private static final long MILLIS = 1_000;
  private static final long MICROS = 1_000_000;
  private static final long NANOS = 1_000_000_000;
  private static final long UNSIGNED = 0xFFFF_FFFFL;

  private AvroLogical() {}

  private static String name(Schema schema) {
    LogicalType type = schema.getLogicalType();
    return type == null ? "" : type.getName();
  }

  static void number(Schema schema, long number, JsonGenerator out) {
    switch (name(schema)) {
      case "date" -> out.writeString(LocalDate.ofEpochDay(number).toString());
      case "time-millis" -> out.writeString(time(Math.multiplyExact(number, NANOS / MILLIS)));
      case "time-micros" -> out.writeString(time(Math.multiplyExact(number, NANOS / MICROS)));
      case "timestamp-millis" -> out.writeString(instant(number, MILLIS).toString());
      case "timestamp-micros" -> out.writeString(instant(number, MICROS).toString());
      case "timestamp-nanos" -> out.writeString(instant(number, NANOS).toString());
      case "local-timestamp-millis" -> out.writeString(local(number, MILLIS));
      case "local-timestamp-micros" -> out.writeString(local(number, MICROS));
      case "local-timestamp-nanos" -> out.writeString(local(number, NANOS));
      default -> out.writeNumber(number);
    }
  }

  private static Instant instant(long number, long perSecond) {
    return Instant.ofEpochSecond(
        Math.floorDiv(number, perSecond), Math.floorMod(number, perSecond) * (NANOS / perSecond));
  }

  private static String local(long number, long perSecond) {
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
        LocalDateTime.ofInstant(instant(number, perSecond), ZoneOffset.UTC));
  }

  private static String time(long nanos) {
    return DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(nanos));
  }

  static void bytes(Schema schema, byte[] bytes, JsonGenerator out) throws IOException {
    switch (name(schema)) {
      case "decimal" ->
          decimal(bytes, ((LogicalTypes.Decimal) schema.getLogicalType()).getScale(), out);
      case "big-decimal" -> bigDecimal(bytes, out);
      case "uuid" -> out.writeString(uuid(bytes).toString());
      case "duration" -> out.writeString(duration(bytes));
      // As PostgreSQL writes and reads them, so that a declared column bytea holds what was sent.
      default -> out.writeString("\\x" + HexFormat.of().formatHex(bytes));
    }
  }

  private static void decimal(byte[] unscaled, int scale, JsonGenerator out) {
    if (unscaled.length == 0) {
      throw new NotAvro("a decimal has no digits");
    }
    if (unscaled.length > MOST_NUMBER_BYTES || Math.abs((long) scale) > MOST_DIGITS) {
      throw new NotAvro("a decimal has more than " + MOST_DIGITS + " digits");
    }
    out.writeNumber(new BigDecimal(new BigInteger(unscaled), scale).toPlainString());
  }

  /** Its scale stands behind its digits. */
  private static void bigDecimal(byte[] bytes, JsonGenerator out) throws IOException {
    BinaryDecoder in = DecoderFactory.get().binaryDecoder(bytes, null);
    long length = in.readLong();
    if (length < 0 || length > in.inputStream().available()) {
      throw new NotAvro("a decimal ends too early");
    }
    byte[] unscaled = new byte[(int) length];
    in.readFixed(unscaled);
    decimal(unscaled, in.readInt(), out);
  }

  private static UUID uuid(byte[] bytes) {
    ByteBuffer parts = ByteBuffer.wrap(bytes);
    return new UUID(parts.getLong(), parts.getLong());
  }

  /** ISO 8601, which an interval of PostgreSQL takes: months, days and milliseconds. */
  private static String duration(byte[] bytes) {
    ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return "P%dM%dDT%sS"
        .formatted(
            parts.getInt() & UNSIGNED,
            parts.getInt() & UNSIGNED,
            BigDecimal.valueOf(parts.getInt() & UNSIGNED, 3).toPlainString());
  }
}
