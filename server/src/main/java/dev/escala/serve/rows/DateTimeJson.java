package dev.escala.serve.rows;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/** Writes dates and times as PostgreSQL's {@code to_json} does, quotes included. */
final class DateTimeJson {

  /** Of a date; timestamps end earlier. */
  private static final int LAST_YEAR = 5_874_897;

  /** 4714 BC. */
  private static final int FIRST_YEAR = -4_713;

  private DateTimeJson() {}

  static void write(Bytes out, OffsetDateTime moment) {
    if (!infinity(out, moment.getYear())) {
      // The connection's time zone is UTC, and so is what the client decodes.
      date(out.octet('"'), moment.getYear(), moment.getMonthValue(), moment.getDayOfMonth());
      time(out.octet('T'), moment.toLocalTime());
      era(out.ascii("+00:00"), moment.getYear());
    }
  }

  static void write(Bytes out, LocalDateTime moment) {
    if (!infinity(out, moment.getYear())) {
      date(out.octet('"'), moment.getYear(), moment.getMonthValue(), moment.getDayOfMonth());
      time(out.octet('T'), moment.toLocalTime());
      era(out, moment.getYear());
    }
  }

  static void write(Bytes out, LocalDate date) {
    if (!infinity(out, date.getYear())) {
      date(out.octet('"'), date.getYear(), date.getMonthValue(), date.getDayOfMonth());
      era(out, date.getYear());
    }
  }

  /** The driver decodes infinities as years that PostgreSQL does not have. */
  private static boolean infinity(Bytes out, int year) {
    if (year > LAST_YEAR || year < FIRST_YEAR) {
      out.ascii(year > 0 ? "\"infinity\"" : "\"-infinity\"");
      return true;
    }
    return false;
  }

  /** The year before the year 1 is called 1 BC, and is Java's year 0. */
  private static void era(Bytes out, int year) {
    out.ascii(year > 0 ? "\"" : " BC\"");
  }

  private static void date(Bytes out, int year, int month, int day) {
    int shown = year > 0 ? year : 1 - year;
    if (shown > 9999) {
      out.number(shown);
    } else {
      out.padded(shown, 4);
    }
    out.octet('-').padded(month, 2).octet('-').padded(day, 2);
  }

  private static void time(Bytes out, LocalTime time) {
    out.padded(time.getHour(), 2).octet(':').padded(time.getMinute(), 2);
    out.octet(':').padded(time.getSecond(), 2);
    int micros = time.getNano() / 1000;
    if (micros > 0) {
      int digits = 6;
      while (micros % 10 == 0) {
        micros /= 10;
        digits--;
      }
      out.octet('.').padded(micros, digits);
    }
  }
}
