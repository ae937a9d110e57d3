package dev.escala.publish;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/** Rows of CSV as objects with the names of the first line; an empty cell is no field. */
final class CsvMessages implements Messages {
  /** Written as JSON would: {@code 007} is no number, and {@code 1e5} as often a name as one. */
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d{1,17})?");

  private final MappingIterator<String[]> rows;
  private final boolean typed;
  private final List<String> names;
  private long row = 1;

  /**
   * @param typed whether numbers and booleans are such
   */
  CsvMessages(InputStream input, char separator, boolean typed) throws IOException, FileRefused {
    this.typed = typed;
    CsvMapper mapper =
        CsvMapper.builder()
            .enable(CsvReadFeature.WRAP_AS_ARRAY, CsvReadFeature.SKIP_EMPTY_LINES)
            .build();
    rows =
        mapper
            .readerFor(String[].class)
            .with(CsvSchema.emptySchema().withColumnSeparator(separator))
            .readValues(new InputStreamReader(input, StandardCharsets.UTF_8));
    String[] header = read();
    names = header == null ? List.of() : List.of(header);
    requireDistinct(names);
  }

  private static void requireDistinct(List<String> names) throws FileRefused {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new FileRefused("has two columns with the name '" + name + "'");
      }
    }
  }

  private String @Nullable [] read() throws IOException, FileRefused {
    try {
      return rows.hasNextValue() ? rows.nextValue() : null;
    } catch (JacksonIOException unreadable) {
      throw unreadable.getCause();
    } catch (JacksonException malformed) {
      throw new FileRefused(
          "is not well-formed CSV in row %,d: %s".formatted(row, malformed.getOriginalMessage()));
    }
  }

  @Override
  public @Nullable String next() throws IOException, FileRefused {
    String[] cells = read();
    if (cells == null) {
      return null;
    }
    row++;
    if (cells.length > names.size()) {
      throw new FileRefused(
          "has %d values in row %,d, and %d columns: %s"
              .formatted(cells.length, row, names.size(), Arrays.toString(cells)));
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator writer =
        JsonMessages.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      writer.writeStartObject();
      for (int i = 0; i < cells.length; i++) {
        if (!cells[i].isEmpty()) {
          writer.writeName(names.get(i));
          value(writer, cells[i]);
        }
      }
      writer.writeEndObject();
    }
    return text.toString();
  }

  private void value(JsonGenerator writer, String cell) {
    boolean literal = cell.equals("true") || cell.equals("false") || NUMBER.matcher(cell).matches();
    if (typed && literal) {
      writer.writeRawValue(cell);
    } else {
      writer.writeString(cell);
    }
  }
}
