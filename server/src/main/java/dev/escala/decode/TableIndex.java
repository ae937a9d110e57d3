package dev.escala.decode;

import dev.escala.config.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An index that a table is to have.
 *
 * @param columns by their names, the one that matters most first
 */
public record TableIndex(List<String> columns, Method method) {
  private static final int MOST = 16;

  /** PostgreSQL's own limit is 32. */
  private static final int MOST_COLUMNS = 16;

  /** How rows are found by it. */
  public enum Method {
    /** By equality, by ranges, and in order. */
    BTREE,
    /** By ranges of what grows with the table, such as times: very small. */
    BRIN,
    /** Within documents, arrays and texts. */
    GIN;

    /** As PostgreSQL calls it. */
    public String sql() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** By PostgreSQL's name; absent for those that are not made here. */
    public static Optional<Method> of(String sql) {
      return Arrays.stream(values()).filter(method -> method.sql().equals(sql)).findFirst();
    }
  }

  public TableIndex {
    columns = List.copyOf(columns);
  }

  static List<TableIndex> read(Section topic) {
    List<TableIndex> indexes = new ArrayList<>();
    for (Section section : topic.list("indexes")) {
      List<String> columns = section.texts("columns");
      if (columns.isEmpty() || columns.size() > MOST_COLUMNS) {
        section.reject("columns", "must name from 1 to " + MOST_COLUMNS + " columns");
      } else if (columns.stream().distinct().count() < columns.size()) {
        section.reject("columns", "names a column twice");
      }
      indexes.add(new TableIndex(columns, section.choice("using", Method.BTREE)));
    }
    if (indexes.size() > MOST) {
      topic.reject("indexes", "has more than " + MOST + " indexes, and each row is put into each");
    }
    return indexes;
  }
}
