package dev.escala.store.postgres;

import dev.escala.decode.ColumnType.Kind;
import dev.escala.decode.Row;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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

  /** Of one dimension. */
  private static final int HEADER_BYTES = 20;

  private static final int HAS_NULLS_AT = 4;

  private final transient BinaryOutput octets;

  private BinaryArray(String elementType, BinaryOutput octets) {
    setType("_" + elementType);
    this.octets = octets;
  }

  /** One column of rows, each of whose values is what a function makes of a row. */
  static BinaryArray of(Kind kind, List<Row> rows, Function<Row, @Nullable Object> value) {
    BinaryOutput out = new BinaryOutput(HEADER_BYTES + rows.size() * usual(kind));
    out.int4(1);
    out.int4(0);
    out.int4(oid(kind));
    out.int4(rows.size());
    out.int4(1);
    boolean nulls = false;
    for (Row row : rows) {
      Object element = value.apply(row);
      nulls |= element == null;
      element(out, kind, element);
    }
    out.int4At(HAS_NULLS_AT, nulls ? 1 : 0);
    return new BinaryArray(elementType(kind), out);
  }

  /** What an element takes with its length; a guess where texts differ. */
  private static int usual(Kind kind) {
    return switch (kind) {
      case BOOLEAN -> 5;
      case INT2, INT4, FLOAT4, DATE -> 8;
      case INT8, FLOAT8, TIMESTAMPTZ, TIMESTAMP -> 12;
      case UUID, NUMERIC, TEXT, OTHER -> 20;
      case JSONB -> 40;
    };
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
  static void element(BinaryOutput out, Kind kind, @Nullable Object value) {
    if (value == null) {
      out.int4(-1);
      return;
    }
    switch (kind) {
      case BOOLEAN -> out.int4(1).octet((Boolean) value ? 1 : 0);
      case INT2 -> out.int4(2).int2(((Long) value).intValue());
      case INT4 -> out.int4(4).int4(((Long) value).intValue());
      case INT8 -> out.int4(8).int8((Long) value);
      case FLOAT4 -> out.int4(4).int4(Float.floatToIntBits(((Double) value).floatValue()));
      case FLOAT8 -> out.int4(8).int8(Double.doubleToLongBits((Double) value));
      case NUMERIC -> BinaryNumeric.write(out, (BigDecimal) value);
      case TEXT, OTHER -> {
        byte[] utf8 = ((String) value).getBytes(StandardCharsets.UTF_8);
        out.int4(utf8.length).octets(utf8);
      }
      case TIMESTAMPTZ -> out.int4(8).int8(micros((Instant) value));
      case TIMESTAMP -> out.int4(8).int8(micros(((LocalDateTime) value).toInstant(ZoneOffset.UTC)));
      case DATE -> out.int4(4).int4(Math.toIntExact(((LocalDate) value).toEpochDay() - EPOCH_DAYS));
      case UUID -> {
        UUID uuid = (UUID) value;
        out.int4(16).int8(uuid.getMostSignificantBits()).int8(uuid.getLeastSignificantBits());
      }
      case JSONB -> {
        byte[] json = (byte[]) value;
        // Version 1 of jsonb's binary format is a byte and the text.
        out.int4(json.length + 1).octet(1).octets(json);
      }
    }
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
    return octets.size();
  }

  @Override
  public void toBytes(byte[] target, int offset) {
    System.arraycopy(octets.array(), 0, target, offset, octets.size());
  }
}
