package dev.escala.serve.columnar;

import dev.escala.query.ColumnType;
import dev.escala.query.SqlStatement.OutputColumn;
import dev.escala.serve.rows.AnswerWriter;
import dev.escala.serve.rows.MediaType;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The columns of an answer of columns. */
public final class Columns {
  private final List<Column> all;

  private Columns(List<Column> all) {
    this.all = all;
  }

  /**
   * What the database says of the columns that are known by name.
   *
   * @param known the first of them
   */
  public static Columns of(List<OutputColumn> known, List<ColumnDescriptor> described) {
    List<Column> columns = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    known.forEach(column -> taken.add(column.name()));
    Set<String> given = new HashSet<>();
    for (OutputColumn column : known) {
      ColumnDescriptor type = described.get(columns.size());
      columns.add(
          new Column(
              unique(column.name(), taken, given),
              ColumnType.of(type.typeName(), column.declared())));
    }
    return new Columns(columns);
  }

  /**
   * Data frames find columns by name, so each has one, and none another's.
   *
   * @param taken names that no column is given in place of another name
   * @param given to columns so far
   */
  private static String unique(String name, Set<String> taken, Set<String> given) {
    String wanted = name.isEmpty() ? "column" : name;
    String unique = wanted;
    for (int i = 2; given.contains(unique) || (i > 2 && taken.contains(unique)); i++) {
      unique = wanted + "_" + i;
    }
    given.add(unique);
    return unique;
  }

  public List<ColumnType> types() {
    return all.stream().map(Column::type).toList();
  }

  /**
   * Writes rows of these columns.
   *
   * @param form one of columns
   */
  public AnswerWriter writer(MediaType form) {
    return form == MediaType.PARQUET ? new ParquetWriter(all) : new ArrowWriter(all);
  }
}
