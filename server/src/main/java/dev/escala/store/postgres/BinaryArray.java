package dev.escala.store.postgres;

import dev.escala.decode.ColumnType.Kind;
import dev.escala.decode.Row;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * An array of one column's values in PostgreSQL's binary format, which the driver sends as it is.
 */
final class BinaryArray extends PGobject implements PGBinaryObject {
  private static final long serialVersionUID = 1L;

  /** PostgreSQL counts time from 2000-01-01. */
  private static final long EPOCH_SECONDS = 946_684_800L;

  private static final long EPOCH_DAYS = 10_957L;

  @SuppressWarnings("serial") // a parameter of a statement, never serialized
  private final byte[] bytes;

  private BinaryArray(String elementType, byte[] bytes) {
    setType("_" + elementType);
    this.bytes = bytes;
  }

  /** One column of rows, each of whose values is what a function makes of a row. */
  static BinaryArray of(Kind kind, List<Row> rows, Function<Row, @Nullable Object> value) {
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    for (Row row : rows) {
      values.add(value.apply(row));
    }
    return of(kind, values);
  }

  /** The values of one column; null elements are SQL nulls. */
  static BinaryArray of(Kind kind, List<? extends @Nullable Object> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(20 + values.size() * 12);
    boolean nulls = values.contains(null);
    header(out, oid(kind), nulls, values.size());
    for (Object value : values) {
      element(out, kind, value);
    }
    return new BinaryArray(elementType(kind), out.toByteArray());
  }

  private static void header(ByteArrayOutputStream out, int oid, boolean nulls, int size) {
    int4(out, 1);
    int4(out, nulls ? 1 : 0);
    int4(out, oid);
    int4(out, size);
    int4(out, 1);
  }

  private static void int4(ByteArrayOutputStream out, int value) {
    out.write(value >>> 24);
    out.write(value >>> 16);
    out.write(value >>> 8);
    out.write(value);
  }

  static String elementType(Kind kind) {
    return switch (kind) {
      case BOOLEAN -> "bool";
      case INT2 -> "int2";
      case INT4 -> "int4";
      case INT8 -> "int8";
      case FLOAT4 -> "float4";
      case FLOAT8 -> "float8";
      case NUMERIC -> "numeric";
      case TEXT, OTHER -> "text";
      case TIMESTAMPTZ -> "timestamptz";
      case TIMESTAMP -> "timestamp";
      case DATE -> "date";
      case UUID -> "uuid";
      case JSONB -> "jsonb";
    };
  }

  private static int oid(Kind kind) {
    return switch (kind) {
      case BOOLEAN -> 16;
      case INT2 -> 21;
      case INT4 -> 23;
      case INT8 -> 20;
      case FLOAT4 -> 700;
      case FLOAT8 -> 701;
      case NUMERIC -> 1700;
      case TEXT, OTHER -> 25;
      case TIMESTAMPTZ -> 1184;
      case TIMESTAMP -> 1114;
      case DATE -> 1082;
      case UUID -> 2950;
      case JSONB -> 3802;
    };
  }

  /** A value behind its length, as in arrays and in rows that are copied. */
  static void element(ByteArrayOutputStream out, Kind kind, @Nullable Object value) {
    if (value == null) {
      int4(out, -1);
    } else {
      byte[] element = element(kind, value);
      int4(out, element.length);
      out.writeBytes(element);
    }
  }

  private static byte[] element(Kind kind, Object value) {
    return switch (kind) {
      case BOOLEAN -> new byte[] {(byte) ((Boolean) value ? 1 : 0)};
      case INT2 -> ByteBuffer.allocate(2).putShort(((Long) value).shortValue()).array();
      case INT4 -> ByteBuffer.allocate(4).putInt(((Long) value).intValue()).array();
      case INT8 -> int8((Long) value);
      case FLOAT4 -> ByteBuffer.allocate(4).putFloat(((Double) value).floatValue()).array();
      case FLOAT8 -> ByteBuffer.allocate(8).putDouble((Double) value).array();
      case NUMERIC -> BinaryNumeric.encode((BigDecimal) value);
      case TEXT, OTHER -> ((String) value).getBytes(StandardCharsets.UTF_8);
      case TIMESTAMPTZ -> int8(micros((Instant) value));
      case TIMESTAMP -> int8(micros(((LocalDateTime) value).toInstant(ZoneOffset.UTC)));
      case DATE -> {
        int days = Math.toIntExact(((LocalDate) value).toEpochDay() - EPOCH_DAYS);
        yield ByteBuffer.allocate(4).putInt(days).array();
      }
      case UUID -> {
        UUID uuid = (UUID) value;
        yield ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
      }
      case JSONB -> {
        byte[] json = (byte[]) value;
        // Version 1 of jsonb's binary format is a byte and the text.
        yield ByteBuffer.allocate(json.length + 1).put((byte) 1).put(json).array();
      }
    };
  }

  private static byte[] int8(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  /** What PostgreSQL keeps of a moment. */
  static long micros(Instant instant) {
    return (instant.getEpochSecond() - EPOCH_SECONDS) * 1_000_000L
        + (instant.getNano() + 500) / 1000;
  }

  @Override
  public void setByteValue(byte[] value, int offset) {
    throw new UnsupportedOperationException("only sent, never read");
  }

  @Override
  public int lengthInBytes() {
    return bytes.length;
  }

  @Override
  public void toBytes(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }
}
