package dev.escala.decode;

import dev.escala.config.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A table of aggregates of the rows of a topic.
 *
 * @param name of the table, in the schema of the topic's
 * @param every the span of event time that one row is of, in UTC; null where time does not matter
 * @param by columns of which each combination has a row
 * @param values what is kept of the rows, by the names of columns
 */
public record Rollup(
    String name, @Nullable Every every, List<String> by, Map<String, Value> values) {
  /** The column that says when the span begins. */
  public static final String BUCKET = "bucket";

  /** What an average is kept as, behind its name. */
  public static final String SUM = "_sum";

  /** Of an average too. */
  public static final String COUNT = "_count";

  private static final int MOST = 16;
  private static final int MOST_COLUMNS = 32;
  private static final Pattern CALL =
      Pattern.compile("(count|sum|min|max|avg|approx_distinct)\\(([^()]+)\\)");

  /** A span of time. */
  public enum Every {
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH,
    YEAR;

    /** As PostgreSQL calls it. */
    public String sql() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How values become one. */
  public enum Function {
    /** Of rows, or of those with a value. */
    COUNT,
    SUM,
    MIN,
    MAX,
    /** Kept as sum and count. */
    AVG,
    /** About how many different values there were. Kept as a sketch. */
    APPROX_DISTINCT
  }

  /**
   * What is kept of the rows.
   *
   * @param column whose values; null for the rows themselves
   */
  public record Value(Function function, @Nullable String column) {
    /** As the configuration writes it. */
    @Override
    public String toString() {
      String name = function.name().toLowerCase(Locale.ROOT);
      return column == null ? name : name + "(" + column + ")";
    }
  }

  public Rollup {
    by = List.copyOf(by);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  static List<Rollup> read(Section topic, Dedup dedup) {
    List<Rollup> rollups = new ArrayList<>();
    topic
        .sections("rollups")
        .forEach(
            (name, section) -> {
              if (!ColumnName.of(name).equals(name)) {
                topic.reject("rollups." + name, "must have at most 63 bytes");
              }
              rollups.add(read(name, section));
            });
    if (rollups.size() > MOST) {
      topic.reject("rollups", "has more than " + MOST + ", and each row is counted in each");
    }
    if (dedup.versions() && !rollups.isEmpty()) {
      topic.reject("rollups", "are of rows that stay as they are; dedup: latest changes them");
    }
    return rollups;
  }

  private static Rollup read(String name, Section section) {
    Every every = section.has("every") ? section.choice("every", Every.HOUR) : null;
    List<String> by = section.texts("by");
    Map<String, Value> values = new LinkedHashMap<>();
    section
        .textsByName("values")
        .forEach((key, text) -> values.put(key, value(section, key, text)));
    if (values.isEmpty()) {
      section.reject("values", "must name what is kept, such as {rows: count}");
    }
    if (every == null && by.isEmpty()) {
      section.reject("by", "or every must say what has a row");
    }
    List<String> names = names(every, by, values);
    if (names.stream().distinct().count() < names.size()) {
      section.reject("values", "and by name a column twice, or one that avg or every makes");
    }
    if (names.size() > MOST_COLUMNS) {
      section.reject("values", "and by have more than " + MOST_COLUMNS + " columns");
    }
    return new Rollup(name, every, by, values);
  }

  private static List<String> names(
      @Nullable Every every, List<String> by, Map<String, Value> values) {
    List<String> names = new ArrayList<>(by);
    values.forEach(
        (name, value) -> {
          names.add(name);
          if (value.function() == Function.AVG) {
            names.add(name + SUM);
            names.add(name + COUNT);
          }
        });
    if (every != null) {
      names.add(BUCKET);
    }
    return names;
  }

  private static Value value(Section section, String key, String text) {
    Matcher call = CALL.matcher(text);
    if (call.matches()) {
      return new Value(Function.valueOf(call.group(1).toUpperCase(Locale.ROOT)), call.group(2));
    }
    if (!text.equals("count")) {
      section.reject(
          "values." + key,
          "must be count, or count, sum, min, max, avg or approx_distinct of a column, such as"
              + " sum(delay), not "
              + text);
    }
    return new Value(Function.COUNT, null);
  }

  /** The columns of the topic's table that it needs. */
  public List<String> sources() {
    List<String> sources = new ArrayList<>(by);
    for (Value value : values.values()) {
      if (value.column() != null) {
        sources.add(value.column());
      }
    }
    return sources;
  }
}
