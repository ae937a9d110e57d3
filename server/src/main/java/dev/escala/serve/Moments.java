package dev.escala.serve;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/** Writes dates and times as PostgreSQL's {@code to_json} does, quotes included. */
final class Moments {

  private Moments() {}

  static void write(Bytes out, OffsetDateTime moment) {
    if (!infinity(out, moment.equals(OffsetDateTime.MAX), moment.equals(OffsetDateTime.MIN))) {
      // The connection's time zone is UTC, and so is what the client decodes.
      date(out.octet('"'), moment.getYear(), moment.getMonthValue(), moment.getDayOfMonth());
      time(out.octet('T'), moment.toLocalTime());
      era(out.ascii("+00:00"), moment.getYear());
    }
  }

  static void write(Bytes out, LocalDateTime moment) {
    if (!infinity(out, moment.equals(LocalDateTime.MAX), moment.equals(LocalDateTime.MIN))) {
      date(out.octet('"'), moment.getYear(), moment.getMonthValue(), moment.getDayOfMonth());
      time(out.octet('T'), moment.toLocalTime());
      era(out, moment.getYear());
    }
  }

  static void write(Bytes out, LocalDate date) {
    if (!infinity(out, date.equals(LocalDate.MAX), date.equals(LocalDate.MIN))) {
      date(out.octet('"'), date.getYear(), date.getMonthValue(), date.getDayOfMonth());
      era(out, date.getYear());
    }
  }

  private static boolean infinity(Bytes out, boolean positive, boolean negative) {
    if (positive || negative) {
      out.ascii(positive ? "\"infinity\"" : "\"-infinity\"");
    }
    return positive || negative;
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
