package dev.escala.query;

import java.util.ArrayList;
import java.util.List;

/** A statement whose values are to leave the database in their own types, once these are known. */
public record TypedSql(SqlStatement statement) {

  /**
   * The same rows, in the same order.
   *
   * @param types of the first columns; what stands behind them stays as it is
   * @param all how many columns the statement gives
   */
  public SqlStatement rows(List<ColumnType> types, int all) {
    List<String> names = new ArrayList<>();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < all; i++) {
      String name = "c" + i;
      names.add(name);
      sent.add(i < types.size() ? types.get(i).sent("q." + name) : "q." + name);
    }
    String text =
        "SELECT %s FROM (\n%s\n) AS q(%s)"
            .formatted(String.join(", ", sent), statement.text(), String.join(", ", names));
    return new SqlStatement(text, statement.parameters(), statement.columns());
  }
}
