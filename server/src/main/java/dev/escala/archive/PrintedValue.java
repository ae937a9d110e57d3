package dev.escala.archive;

import dev.escala.query.ColumnType;
import dev.escala.serve.rows.UnfitValue;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL printed, as the values that files are written from. */
final class PrintedValue {
  private static final String BEFORE_CHRIST = " BC";

  private PrintedValue() {}

  /** Of a column; a list is an array of objects. */
  static Object of(ArchiveColumn column, String text) {
    if (!column.type().isList()) {
      return scalar(column, text);
    }
    List<@Nullable String> elements = elements(column.name(), text);
    @Nullable Object[] values = new Object[elements.size()];
    for (int i = 0; i < values.length; i++) {
      String element = elements.get(i);
      values[i] = element == null ? null : scalar(column, element);
    }
    return values;
  }

  private static Object scalar(ArchiveColumn column, String text) {
    ColumnType type = column.type();
    return switch (type.scalar()) {
      case BOOLEAN -> text.equals("t");
      case INT2, INT4 -> Integer.valueOf(text);
      case INT8 -> Long.valueOf(text);
      case FLOAT4 -> Float.valueOf(text);
      case FLOAT8 -> Double.valueOf(text);
      case DECIMAL, TEXT, TIME -> text;
      case BYTES -> HexFormat.of().parseHex(text, 2, text.length());
      case DATE -> date(column.name(), text);
      case TIMESTAMP -> timestamp(column.name(), text);
      case TIMESTAMPTZ ->
          timestamp(column.name(), text.replaceFirst("\\+00(?= BC$|$)", ""))
              .atOffset(ZoneOffset.UTC);
    };
  }

  private static LocalDate date(String column, String text) {
    boolean isBefore = text.endsWith(BEFORE_CHRIST);
    String[] parts = (isBefore ? text.substring(0, text.indexOf(' ')) : text).split("-", -1);
    if (parts.length != 3) {
      throw new UnfitValue(column, "an infinite date");
    }
    int year = Integer.parseInt(parts[0]);
    return LocalDate.of(
        isBefore ? 1 - year : year, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  private static LocalDateTime timestamp(String column, String text) {
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new UnfitValue(column, "an infinite point in time");
    }
    boolean isBefore = text.endsWith(BEFORE_CHRIST);
    int end = isBefore ? text.length() - BEFORE_CHRIST.length() : text.length();
    String date = text.substring(0, space) + (isBefore ? BEFORE_CHRIST : "");
    return LocalDateTime.of(date(column, date), LocalTime.parse(text.substring(space + 1, end)));
  }

  /** Of an array of one dimension, which begins at 1; lists have no other. */
  static List<@Nullable String> elements(String column, String text) {
    if (text.charAt(0) != '{' || text.startsWith("{{")) {
      throw new UnfitValue(column, "an array of several dimensions, or one that begins elsewhere");
    }
    List<@Nullable String> elements = new ArrayList<>();
    int at = 1;
    while (at < text.length() - 1) {
      StringBuilder element = new StringBuilder();
      boolean isQuoted = text.charAt(at) == '"';
      at = isQuoted ? quoted(text, at + 1, element) : plain(text, at, element);
      boolean isNull = !isQuoted && element.toString().equals("NULL");
      elements.add(isNull ? null : element.toString());
      at++; // behind the comma, or the brace
    }
    return elements;
  }

  /** Gives the place behind the quote that ends it. */
  private static int quoted(String text, int begin, StringBuilder element) {
    int at = begin;
    while (text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      element.append(text.charAt(at++));
    }
    return at + 1;
  }

  private static int plain(String text, int begin, StringBuilder element) {
    int at = begin;
    while (text.charAt(at) != ',' && text.charAt(at) != '}') {
      element.append(text.charAt(at++));
    }
    return at;
  }
}
