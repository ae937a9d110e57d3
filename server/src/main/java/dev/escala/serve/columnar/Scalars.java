package dev.escala.serve.columnar;

import dev.escala.query.ColumnType;
import dev.escala.serve.rows.RowWriter.ChangedType;
import dev.escala.serve.rows.UnfitValue;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Single values of a type, as the driver gives them, in the octets that Apache Arrow has. */
final class Scalars {
  private static final int DECIMAL_OCTETS = 16;
  private static final long MICROS = 1_000_000;

  private final String column;
  private final ColumnType type;

  Scalars(String column, ColumnType type) {
    this.column = column;
    this.type = type;
  }

  /** How many octets each value has; 0 where they differ, or where it is a bit. */
  int width() {
    return switch (type.scalar()) {
      case BOOLEAN, TEXT, BYTES -> 0;
      case INT2 -> 2;
      case INT4, FLOAT4, DATE -> 4;
      case INT8, FLOAT8, TIME, TIMESTAMP, TIMESTAMPTZ -> 8;
      case DECIMAL -> DECIMAL_OCTETS;
    };
  }

  void add(Octets out, Object value) {
    switch (type.scalar()) {
      case BOOLEAN -> throw new IllegalStateException("a bit has no octets");
      case INT2 -> out.twoOctets((Short) value);
      case INT4 -> out.fourOctets((Integer) value);
      case INT8 -> out.eightOctets((Long) value);
      case FLOAT4 -> out.fourOctets(Float.floatToRawIntBits((Float) value));
      case FLOAT8 -> out.eightOctets(Double.doubleToRawLongBits((Double) value));
      case DECIMAL -> decimal(out, (String) value);
      case TEXT -> out.octets(((String) value).getBytes(StandardCharsets.UTF_8));
      case BYTES ->
          out.octets(value instanceof byte[] octets ? octets : ((Buffer) value).getBytes());
      case DATE -> out.fourOctets(days((LocalDate) value));
      case TIME -> out.eightOctets(micros((String) value));
      case TIMESTAMP -> out.eightOctets(micros((LocalDateTime) value));
      case TIMESTAMPTZ -> {
        OffsetDateTime instant = (OffsetDateTime) value;
        out.eightOctets(micros(instant.toLocalDateTime(), instant.getOffset()));
      }
    }
  }

  private void decimal(Octets out, String text) {
    if (text.charAt(text.length() - 1) > '9') {
      throw new UnfitValue(column, "a number that is none (" + text + ")");
    }
    BigInteger digits = digits(text).unscaledValue();
    byte[] bigEndian = digits.toByteArray();
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      out.octet(bigEndian[i]);
    }
    for (int i = bigEndian.length; i < DECIMAL_OCTETS; i++) {
      out.octet(digits.signum() < 0 ? 0xff : 0);
    }
  }

  /** Where it has more digits than the column may have, that was declared anew meanwhile. */
  private BigDecimal digits(String text) {
    BigDecimal number = new BigDecimal(text);
    int whole = number.precision() - number.scale();
    if (number.scale() > type.scale() || whole > type.precision() - type.scale()) {
      throw new ChangedType(new ClassCastException("a decimal of another precision"));
    }
    return number.setScale(type.scale());
  }

  private int days(LocalDate date) {
    if (date.equals(LocalDate.MAX) || date.equals(LocalDate.MIN)) {
      throw new UnfitValue(column, "an infinite date");
    }
    return Math.toIntExact(date.toEpochDay());
  }

  private long micros(String time) {
    try {
      return LocalTime.parse(time).toNanoOfDay() / 1000;
    } catch (DateTimeException beyond) {
      throw new UnfitValue(column, "a time that no clock shows (" + time + ")");
    }
  }

  private long micros(LocalDateTime time) {
    return micros(time, ZoneOffset.UTC);
  }

  private long micros(LocalDateTime time, ZoneOffset offset) {
    if (time.equals(LocalDateTime.MAX) || time.equals(LocalDateTime.MIN)) {
      throw new UnfitValue(column, "an infinite point in time");
    }
    Instant instant = time.toInstant(offset);
    try {
      long micros = Math.multiplyExact(instant.getEpochSecond(), MICROS);
      return Math.addExact(micros, instant.getNano() / 1000);
    } catch (ArithmeticException beyond) {
      throw new UnfitValue(column, "a point in time later than in the year 294246");
    }
  }
}
