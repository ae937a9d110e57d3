package dev.escala.serve.columnar;

import dev.escala.serve.rows.RowWriter.ChangedType;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Rows whose values are kept column by column until they are written. */
final class Gathered {
  private final List<Vector> vectors;
  private int rows;
  private int size;

  Gathered(List<Column> columns) {
    vectors = columns.stream().map(each -> new Vector(each.name(), each.type())).toList();
  }

  List<Vector> vectors() {
    return vectors;
  }

  int rows() {
    return rows;
  }

  /** Octets that they take; 0 where there are none. */
  int size() {
    return size;
  }

  /** Takes a row; gives how many octets it has. */
  int add(Row row) {
    return add(row::getValue);
  }

  /** Takes a row of values by their places. */
  int add(IntFunction<@Nullable Object> values) {
    int before = rows == 0 ? measured() : size;
    try {
      for (int i = 0; i < vectors.size(); i++) {
        vectors.get(i).add(values.apply(i));
      }
    } catch (ClassCastException otherType) {
      throw new ChangedType(otherType);
    }
    rows++;
    size = measured();
    return size - before;
  }

  private int measured() {
    int octets = 0;
    for (Vector vector : vectors) {
      octets += vector.size();
    }
    return octets;
  }

  void drop() {
    vectors.forEach(Vector::drop);
    rows--;
    size = measured();
  }

  void clear() {
    vectors.forEach(Vector::clear);
    rows = 0;
    size = 0;
  }
}
