package dev.escala.publish;

import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.LogicalType.DecimalType;
import dev.hardwood.metadata.LogicalType.IntType;
import dev.hardwood.metadata.LogicalType.TimeType;
import dev.hardwood.metadata.LogicalType.TimeUnit;
import dev.hardwood.metadata.LogicalType.TimestampType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/**
 * One value of Parquet in the JSON that the decoder understands.
 *
 * @param text as it stands there
 * @param literal whether it is a number, a boolean or JSON already; else it stands in quotes
 */
record ParquetLeaf(String text, boolean literal) {
  private static final int MOST_DIGITS = 1000;
  private static final int MOST_NUMBER_OCTETS = 416;
  private static final long DAY_NANOS = 86_400_000_000_000L;
  private static final long NANOS = 1_000_000_000;
  private static final long UNSIGNED = 0xFFFF_FFFFL;

  /** The day of the Julian calendar on which the time of Unix begins. */
  private static final long EPOCH_JULIAN_DAY = 2_440_588;

  void write(JsonGenerator out) {
    if (literal) {
      out.writeRawValue(text);
    } else {
      out.writeString(text);
    }
  }

  static ParquetLeaf quoted(String text) {
    return new ParquetLeaf(text, false);
  }

  static ParquetLeaf literal(Object value) {
    return new ParquetLeaf(value.toString(), true);
  }

  /**
   * The value of a column, as the file has it.
   *
   * @throws UnreadableValue where it is none of the column's type
   */
  static ParquetLeaf of(PrimitiveNode column, Object raw) {
    try {
      return switch (raw) {
        case Integer number -> number(column.logicalType(), number.longValue(), false);
        case Long number -> number(column.logicalType(), number, true);
        case byte[] octets -> octets(column, octets);
        default -> literal(raw); // a boolean, a float, a double
      };
    } catch (DateTimeException | ArithmeticException outside) {
      throw new UnreadableValue(column.name(), "a time that is out of range: " + raw);
    } catch (CharacterCodingException malformed) {
      throw new UnreadableValue(column.name(), "a text that is not valid UTF-8");
    } catch (IllegalArgumentException malformed) {
      throw new UnreadableValue(column.name(), String.valueOf(malformed.getMessage()));
    }
  }

  private static ParquetLeaf number(@Nullable LogicalType type, long number, boolean wide) {
    return switch (type) {
      case DecimalType decimal -> decimal(BigInteger.valueOf(number), decimal.scale());
      case LogicalType.DateType _ -> quoted(LocalDate.ofEpochDay(number).toString());
      case TimeType time -> quoted(time(number, perSecond(time.unit())));
      case TimestampType timestamp -> {
        Instant instant = instant(number, perSecond(timestamp.unit()));
        yield quoted(timestamp.isAdjustedToUTC() ? instant.toString() : local(instant));
      }
      case IntType integer when !integer.isSigned() ->
          literal(wide ? Long.toUnsignedString(number) : number & UNSIGNED);
      case null, default -> literal(number);
    };
  }

  private static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1_000;
      case MICROS -> 1_000_000;
      case NANOS -> NANOS;
    };
  }

  static Instant instant(long number, long perSecond) {
    return Instant.ofEpochSecond(
        Math.floorDiv(number, perSecond), Math.floorMod(number, perSecond) * (NANOS / perSecond));
  }

  /** The date-time that it is in UTC, without the Z. */
  static String local(Instant instant) {
    String text = instant.toString();
    return text.substring(0, text.length() - 1);
  }

  /** The end of a day is one as well, as in PostgreSQL and DuckDB. */
  private static String time(long number, long perSecond) {
    long nanos = Math.multiplyExact(number, NANOS / perSecond);
    return nanos == DAY_NANOS
        ? "24:00:00"
        : DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(nanos));
  }

  private static ParquetLeaf octets(PrimitiveNode column, byte[] octets)
      throws CharacterCodingException {
    if (column.type() == PhysicalType.INT96) {
      return quoted(int96(octets).toString());
    }
    return switch (column.logicalType()) {
      case LogicalType.StringType _ -> quoted(text(octets));
      case LogicalType.EnumType _ -> quoted(text(octets));
      case LogicalType.JsonType _ -> json(text(octets));
      case DecimalType decimal -> decimal(decimal(octets), decimal.scale());
      case LogicalType.UuidType _ -> quoted(uuid(octets).toString());
      case LogicalType.Float16Type _ ->
          literal(
              Float.float16ToFloat(
                  ByteBuffer.wrap(of(octets, 2)).order(ByteOrder.LITTLE_ENDIAN).getShort()));
      case LogicalType.IntervalType _ -> quoted(interval(octets));
      case null, default -> quoted(hex(octets));
    };
  }

  /** As PostgreSQL writes and reads them, so that a declared column bytea holds what was there. */
  static String hex(byte[] octets) {
    return "\\x" + HexFormat.of().formatHex(octets);
  }

  private static byte[] of(byte[] octets, int length) {
    if (octets.length != length) {
      throw new IllegalArgumentException(
          "a value of %,d octets in place of %d".formatted(octets.length, length));
    }
    return octets;
  }

  private static String text(byte[] octets) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
  }

  /** What is no JSON is a text. */
  private static ParquetLeaf json(String text) {
    StringWriter json = new StringWriter();
    try (JsonParser parser = JsonMessages.JSON.createParser(ObjectReadContext.empty(), text);
        JsonGenerator out = JsonMessages.JSON.createGenerator(ObjectWriteContext.empty(), json)) {
      if (parser.nextToken() == null) {
        return quoted(text);
      }
      out.copyCurrentStructureExact(parser);
      if (parser.nextToken() != null) {
        return quoted(text);
      }
    } catch (JacksonException malformed) {
      return quoted(text);
    }
    return literal(json);
  }

  private static BigInteger decimal(byte[] unscaled) {
    if (unscaled.length == 0 || unscaled.length > MOST_NUMBER_OCTETS) {
      throw new IllegalArgumentException("a decimal of no or of more than 1,000 digits");
    }
    return new BigInteger(unscaled);
  }

  static ParquetLeaf decimal(BigInteger unscaled, int scale) {
    if (Math.abs((long) scale) > MOST_DIGITS) {
      throw new IllegalArgumentException("a decimal of more than 1,000 digits");
    }
    return literal(new BigDecimal(unscaled, scale).toPlainString());
  }

  private static UUID uuid(byte[] octets) {
    ByteBuffer parts = ByteBuffer.wrap(of(octets, 16));
    return new UUID(parts.getLong(), parts.getLong());
  }

  /** Nanoseconds of a Julian day; Spark, which wrote most of them, means an instant. */
  private static Instant int96(byte[] octets) {
    ByteBuffer parts = ByteBuffer.wrap(of(octets, 12)).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = parts.getLong();
    return Instant.EPOCH.plusSeconds((parts.getInt() - EPOCH_JULIAN_DAY) * 86_400).plusNanos(nanos);
  }

  /** ISO 8601, which an interval of PostgreSQL takes: months, days and milliseconds. */
  private static String interval(byte[] octets) {
    ByteBuffer parts = ByteBuffer.wrap(of(octets, 12)).order(ByteOrder.LITTLE_ENDIAN);
    return "P%dM%dDT%sS"
        .formatted(
            parts.getInt() & UNSIGNED,
            parts.getInt() & UNSIGNED,
            BigDecimal.valueOf(parts.getInt() & UNSIGNED, 3).toPlainString());
  }
}
