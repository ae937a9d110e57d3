package dev.escala.decode;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * Instants in the form that nearly all have, {@code 2026-01-31T12:00:00.123456Z}, with up to nine
 * digits of a second or none, and {@code Z} or {@code +05:30} at the end. To read each with the
 * formatter of the JDK was a fifth of what a message cost.
 */
final class PlainInstant {
  private static final int SECONDS_END = 19;

  private PlainInstant() {}

  /** The instant; null where the text has another form or is no instant. */
  static @Nullable Instant of(String text) {
    if (text.length() <= SECONDS_END || !hasShape(text)) {
      return null;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, SECONDS_END);
    if (year < 0 || month < 1 || month > 12 || day < 1 || !isTime(hour, minute, second)) {
      return null;
    }
    if (day > 28 && day > YearMonth.of(year, month).lengthOfMonth()) {
      return null;
    }
    int end = endOfFraction(text);
    long offset = offset(text, end);
    if (end < 0 || offset == Long.MIN_VALUE) {
      return null;
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    long seconds = days * 86_400 + hour * 3_600L + minute * 60L + second - offset;
    return Instant.ofEpochSecond(seconds, nanos(text, end));
  }

  private static boolean hasShape(String text) {
    return text.charAt(4) == '-'
        && text.charAt(7) == '-'
        && text.charAt(10) == 'T'
        && text.charAt(13) == ':'
        && text.charAt(16) == ':';
  }

  private static boolean isTime(int hour, int minute, int second) {
    return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  }

  /** Of digits alone; negative where there is anything else. */
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Behind one to nine digits and their point, or where they would be; negative where neither. */
  private static int endOfFraction(String text) {
    if (text.charAt(SECONDS_END) != '.') {
      return SECONDS_END;
    }
    int end = SECONDS_END + 1;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    int digits = end - SECONDS_END - 1;
    return digits > 0 && digits <= 9 ? end : -1;
  }

  private static int nanos(String text, int end) {
    int nanos = 0;
    for (int i = SECONDS_END + 1; i <= SECONDS_END + 9; i++) {
      nanos = nanos * 10 + (i < end ? text.charAt(i) - '0' : 0);
    }
    return nanos;
  }

  /** Seconds to the east, less than eighteen hours; the least long where it is none. */
  private static long offset(String text, int from) {
    if (from < 0 || from >= text.length()) {
      return Long.MIN_VALUE;
    }
    char sign = text.charAt(from);
    if (sign == 'Z') {
      return from + 1 == text.length() ? 0 : Long.MIN_VALUE;
    }
    boolean isOffset =
        (sign == '+' || sign == '-') && text.length() == from + 6 && text.charAt(from + 3) == ':';
    int hours = isOffset ? number(text, from + 1, from + 3) : -1;
    int minutes = isOffset ? number(text, from + 4, from + 6) : -1;
    if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
      return Long.MIN_VALUE;
    }
    int seconds = hours * 3_600 + minutes * 60;
    return sign == '-' ? -seconds : seconds;
  }
}
