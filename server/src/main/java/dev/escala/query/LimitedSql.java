package dev.escala.query;

import dev.escala.catalog.OutputKind;
import dev.escala.query.SqlStatement.OutputColumn;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements around the SQL of a client. It stands in brackets, where PostgreSQL takes nothing
 * but a query, on lines of its own because of comments.
 *
 * @param sql that passed the rules, with typed parameters
 * @param values of its parameters
 */
public record LimitedSql(String sql, List<String> values) {

  public LimitedSql {
    values = List.copyOf(values);
  }

  /** To be parsed, which tells the names and types of the columns, and not to be run. */
  public String described() {
    return "SELECT * FROM (\n" + sql + "\n) AS q";
  }

  /** A value of each row: its name in the statement, as it is sent, and its length in bytes. */
  private record Sent(String name, String sql, String bytes) {

    static Sent of(String name, String sql, boolean sized) {
      return new Sent(name, sql, sized ? "coalesce(octet_length(t." + name + "), 0)" : "1");
    }

    static Sent of(String name, ColumnType type) {
      String sql = type.sent("q." + name);
      return type.isList()
          ? new Sent(name, sql, "coalesce(octet_length(t." + name + "::text), 0)")
          : of(name, sql, type.isSized());
    }
  }

  /**
   * At most one row more than wanted. Behind the columns stands whether the values up to this row
   * have at most so many bytes; where they have more, all columns are null, so that one giant value
   * never leaves the database.
   *
   * @param columns in the order of {@link #described()}
   */
  public SqlStatement rows(
      List<OutputColumn> columns, ValueForm form, long maxRows, long maxBytes) {
    List<OutputColumn> written = new ArrayList<>();
    List<Sent> sent = new ArrayList<>();
    for (OutputColumn column : columns) {
      String name = "c" + sent.size();
      Wrapping wrapping = Wrapping.of(column.kind(), form);
      OutputKind kind = form == ValueForm.TEXT ? OutputKind.TEXT : column.kind();
      written.add(new OutputColumn(column.name(), kind));
      String sql = wrapping.before() + "q." + name + wrapping.after();
      sent.add(Sent.of(name, sql, isText(kind)));
    }
    return limited(written, sent, maxRows, maxBytes);
  }

  /** The same with values in their own types, in the order of {@link #described()}. */
  public SqlStatement rows(List<ColumnType> types, long maxRows, long maxBytes) {
    List<Sent> sent = new ArrayList<>();
    for (ColumnType type : types) {
      sent.add(Sent.of("c" + sent.size(), type));
    }
    return limited(List.of(), sent, maxRows, maxBytes);
  }

  private SqlStatement limited(
      List<OutputColumn> written, List<Sent> columns, long maxRows, long maxBytes) {
    List<String> names = new ArrayList<>();
    List<String> wrapped = new ArrayList<>();
    List<String> results = new ArrayList<>();
    StringBuilder bytes = new StringBuilder("0");
    String within = "b.bytes <= " + maxBytes;
    for (Sent column : columns) {
      String name = column.name();
      names.add(name);
      wrapped.add(column.sql() + " AS " + name);
      results.add("CASE WHEN " + within + " THEN b." + name + " END");
      bytes.append(" + ").append(column.bytes());
    }
    results.add(within);
    String text =
        "SELECT %s FROM (SELECT t.*, sum(%s) OVER (ROWS UNBOUNDED PRECEDING) AS bytes"
                .formatted(String.join(", ", results), bytes)
            + " FROM (SELECT %s FROM (\n%s\n) AS q%s LIMIT %d) AS t) AS b"
                .formatted(String.join(", ", wrapped), sql, aliases(names), maxRows + 1);
    return new SqlStatement(text, values, written);
  }

  private static String aliases(List<String> names) {
    return names.isEmpty() ? "" : "(" + String.join(", ", names) + ")";
  }

  private static boolean isText(OutputKind kind) {
    return switch (kind) {
      case TEXT, NUMBER, JSON, CONVERTED -> true;
      case BOOLEAN, INTEGER, UUID, TIMESTAMPTZ, TIMESTAMP, DATE -> false;
    };
  }
}
