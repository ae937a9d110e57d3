package dev.escala.app;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Lays out an array of objects as a table for a terminal, as psql does. */
final class TextTable {

  private TextTable() {}

  /** Columns are the members in order of appearance; numbers stand to the right. */
  static String of(JsonNode rows) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode row : rows) {
      names.addAll(row.propertyNames());
    }
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(Column.of(name, rows));
    }
    StringBuilder table = new StringBuilder();
    line(table, columns, " | ", column -> column.padded(column.name(), false));
    line(table, columns, "-+-", column -> "-".repeat(column.width()));
    for (int i = 0; i < rows.size(); i++) {
      int row = i;
      line(table, columns, " | ", column -> column.padded(column.cells().get(row), column.right()));
    }
    return table.toString();
  }

  private static void line(
      StringBuilder table, List<Column> columns, String between, Function<Column, String> cell) {
    boolean rule = between.startsWith("-");
    table.append(rule ? "-" : " ");
    table.append(String.join(between, columns.stream().map(cell).toList()).stripTrailing());
    table.append(rule ? "-\n" : "\n");
  }

  private record Column(String name, List<String> cells, int width, boolean right) {

    static Column of(String name, JsonNode rows) {
      List<String> cells = new ArrayList<>();
      int width = name.length();
      boolean right = true;
      for (JsonNode row : rows) {
        JsonNode value = row.path(name);
        String cell = text(value);
        cells.add(cell);
        width = Math.max(width, cell.length());
        right &= value.isNumber() || value.isNull() || value.isMissingNode();
      }
      return new Column(name, cells, width, right);
    }

    private static String text(JsonNode value) {
      if (value.isNull() || value.isMissingNode()) {
        return "";
      }
      return value.isString() ? value.asString() : value.toString();
    }

    String padded(String text, boolean toTheRight) {
      String space = " ".repeat(width - text.length());
      return toTheRight ? space + text : text + space;
    }
  }
}
