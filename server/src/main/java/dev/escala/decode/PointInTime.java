package dev.escala.decode;

import dev.escala.model.ReasonCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads points in time; rounded to microseconds, which is what PostgreSQL keeps. */
final class PointInTime {
  private static final Instant LEAST = Instant.parse("-4712-01-01T00:00:00Z");
  private static final Instant MOST = Instant.parse("+294275-12-31T23:59:59Z");
  private static final String LOCAL =
      "[+-]?\\d{4,6}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?";
  private static final Pattern INSTANT = Pattern.compile(LOCAL + " ?(Z|[+-]\\d\\d(:?\\d\\d)?)");
  private static final Pattern WITHOUT_ZONE = Pattern.compile(LOCAL);

  /**
   * Z, +05:30 and +0530 as ISO 8601 has them, and +00 as PostgreSQL, DuckDB and pandas write it.
   */
  private static final DateTimeFormatter WITH_OFFSET =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

  private PointInTime() {}

  static boolean isInstant(String text) {
    return PlainInstant.of(text) != null
        || (text.length() >= 17
            && INSTANT.matcher(text).matches()
            && parses(text, PointInTime::anyIso));
  }

  /** Whether it is a date with a time of day and without a zone. */
  static boolean isLocal(String text) {
    return text.length() >= 16
        && WITHOUT_ZONE.matcher(text).matches()
        && parses(text, PointInTime::isoLocal);
  }

  static boolean isDate(String text) {
    return text.length() == 10 && DATE.matcher(text).matches() && parses(text, LocalDate::parse);
  }

  private interface Parse {
    Object of(String text);
  }

  private static boolean parses(String text, Parse parse) {
    try {
      parse.of(text);
      return true;
    } catch (DateTimeException notATime) {
      return false;
    }
  }

  private static Instant iso(String text) {
    Instant plain = PlainInstant.of(text);
    return plain != null ? plain : anyIso(text);
  }

  /** The same for all forms, and slower. */
  static Instant anyIso(String text) {
    return WITH_OFFSET.parse(normal(text), OffsetDateTime::from).toInstant();
  }

  private static LocalDateTime isoLocal(String text) {
    return LocalDateTime.parse(normal(text));
  }

  /** A blank stands for the T, and may stand before the offset. */
  private static String normal(String text) {
    int blank = text.indexOf(' ');
    return blank < 0
        ? text
        : text.substring(0, blank) + 'T' + text.substring(blank + 1).replace(" ", "");
  }

  static Instant fromIso(String text, String column) {
    try {
      return checked(iso(text), column);
    } catch (DateTimeException malformed) {
      throw format(column, "an ISO 8601 instant such as 2026-01-31T12:00:00Z");
    }
  }

  static Instant fromEpoch(BigDecimal number, ColumnPolicy.Time unit, String column) {
    if (number.precision() - (long) number.scale() > 25) {
      throw range(column);
    }
    int digits =
        switch (unit) {
          case ISO -> throw format(column, "an ISO 8601 text; set time-format for epoch numbers");
          case EPOCH_S -> 6;
          case EPOCH_MS -> 3;
          case EPOCH_US -> 0;
          case EPOCH_NS -> -3;
        };
    BigDecimal micros = number.scaleByPowerOfTen(digits).setScale(0, RoundingMode.HALF_UP);
    if (micros.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw range(column);
    }
    long value = micros.longValueExact();
    return checked(
        Instant.ofEpochSecond(
            Math.floorDiv(value, 1_000_000L), Math.floorMod(value, 1_000_000L) * 1000L),
        column);
  }

  /** The same, but a date is its beginning in UTC. */
  static Instant fromIsoOrDate(String text, String column) {
    return isDate(text) ? utc(LocalDate.parse(text).atStartOfDay()) : fromIso(text, column);
  }

  /** The same, but what has no zone is in UTC. */
  static Instant fromAny(String text, String column) {
    Instant plain = PlainInstant.of(text);
    if (plain != null) {
      return checked(plain, column);
    }
    return isLocal(text) ? utc(local(text, column)) : fromIsoOrDate(text, column);
  }

  private static Instant utc(LocalDateTime local) {
    return local.toInstant(ZoneOffset.UTC);
  }

  /** A date is its beginning. */
  static LocalDateTime localOrDate(String text, String column) {
    return isDate(text) ? LocalDate.parse(text).atStartOfDay() : local(text, column);
  }

  static LocalDateTime local(String text, String column) {
    try {
      LocalDateTime local = isoLocal(text);
      return LocalDateTime.ofInstant(
          checked(local.toInstant(ZoneOffset.UTC), column), ZoneOffset.UTC);
    } catch (DateTimeException malformed) {
      throw format(column, "a date-time without offset such as 2026-01-31T12:00:00");
    }
  }

  static LocalDate date(String text, String column) {
    if (!isDate(text)) {
      throw format(column, "a date such as 2026-01-31");
    }
    return LocalDate.parse(text);
  }

  private static Instant checked(Instant instant, String column) {
    if (instant.isBefore(LEAST) || instant.isAfter(MOST)) {
      throw range(column);
    }
    return instant.plusNanos(500).truncatedTo(ChronoUnit.MICROS);
  }

  private static Refusal range(String column) {
    return Refusal.of(ReasonCode.FIELD_RANGE, column, "is outside of what a timestamp can hold");
  }

  private static Refusal format(String column, String wanted) {
    return Refusal.of(ReasonCode.TIME_FORMAT, column, "must be " + wanted);
  }
}
