package dev.escala.query;

import dev.escala.catalog.OutputKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement to run as it is.
 *
 * @param text with {@code $1}, {@code $2} …, each of type text
 * @param columns of the result, in order
 */
public record SqlStatement(String text, List<String> parameters, List<OutputColumn> columns) {

  /**
   * A column of the result: the key under which it goes out, and how it is to be written.
   *
   * @param declared the type as the catalog has it; null where the values are no column's
   */
  public record OutputColumn(String name, OutputKind kind, @Nullable String declared) {

    public OutputColumn(String name, OutputKind kind) {
      this(name, kind, null);
    }
  }

  public SqlStatement {
    parameters = List.copyOf(parameters);
    columns = List.copyOf(columns);
  }
}
