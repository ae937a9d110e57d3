package dev.escala.archive;

import dev.escala.query.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;

/**
 * What a file holds, printed as PostgreSQL prints it: the way back of {@link PrintedValue}, on
 * purpose without anything in common with the way there.
 */
final class StoredValue {
  private static final long MICROS = 1_000_000;

  private StoredValue() {}

  /**
   * One value, or element of a list.
   *
   * @param raw Boolean, Integer, Long, Float, Double or octets
   */
  static String printed(ColumnType type, Object raw) {
    return switch (type.scalar()) {
      case BOOLEAN -> (Boolean) raw ? "t" : "f";
      case INT2, INT4, INT8, FLOAT4, FLOAT8 -> raw.toString();
      case DECIMAL -> new BigDecimal(new BigInteger((byte[]) raw), type.scale()).toPlainString();
      case TEXT, TIME -> new String((byte[]) raw, StandardCharsets.UTF_8);
      case BYTES -> "\\x" + HexFormat.of().formatHex((byte[]) raw);
      case DATE -> date(LocalDate.ofEpochDay((Integer) raw), "");
      case TIMESTAMP -> timestamp((Long) raw, "");
      case TIMESTAMPTZ -> timestamp((Long) raw, "+00");
    };
  }

  private static String date(LocalDate date, String time) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    return "%04d-%02d-%02d%s%s"
        .formatted(
            year,
            date.getMonthValue(),
            date.getDayOfMonth(),
            time,
            date.getYear() > 0 ? "" : " BC");
  }

  private static String timestamp(long micros, String zone) {
    Instant instant =
        Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    String clock = " %02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
    int fraction = time.getNano() / 1000;
    String behind = fraction == 0 ? "" : ".%06d".formatted(fraction).replaceFirst("0+$", "");
    return date(time.toLocalDate(), clock + behind + zone);
  }
}
