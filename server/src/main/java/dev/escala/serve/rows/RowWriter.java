package dev.escala.serve.rows;

import dev.escala.catalog.OutputKind;
import dev.escala.query.SqlStatement.OutputColumn;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** Writes the rows of one result as text; the names are encoded once. */
public final class RowWriter implements AnswerWriter {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private final MediaType form;
  private final OutputKind[] kinds;
  private final byte[][] names;
  private final boolean bare;

  public RowWriter(MediaType form, List<OutputColumn> columns) {
    this(form, columns, false);
  }

  /**
   * Writes rows, or the values that they consist of.
   *
   * @param bare whether in JSON the first value of a row stands for it
   */
  public RowWriter(MediaType form, List<OutputColumn> columns, boolean bare) {
    this.form = form;
    this.bare = bare;
    kinds = new OutputKind[columns.size()];
    names = new byte[kinds.length][];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = columns.get(i).kind();
      names[i] = prefix(i, columns.get(i).name());
    }
  }

  private byte[] prefix(int position, String name) {
    Bytes prefix = new Bytes(64);
    if (form == MediaType.CSV) {
      csv(prefix.ascii(position == 0 ? "" : ","), name);
    } else {
      String before = position == 0 ? "{" : ",";
      prefix.ascii(form.isStripped() ? "" : before).json(name).octet(':');
    }
    return prefix.toBuffer().getBytes();
  }

  @Override
  public void open(Bytes out) {
    switch (form) {
      case JSON, STRIPPED_ARRAY -> out.octet('[');
      case CSV -> {
        for (byte[] name : names) {
          out.octets(name);
        }
        out.ascii("\r\n");
      }
      case OBJECT, STRIPPED_OBJECT, NDJSON, ARROW, PARQUET -> {
        // a row stands for itself
      }
    }
  }

  @Override
  public void close(Bytes out) {
    switch (form) {
      case JSON, STRIPPED_ARRAY -> out.octet(']');
      case OBJECT, STRIPPED_OBJECT, NDJSON, CSV, ARROW, PARQUET -> {
        // a row stands for itself
      }
    }
  }

  /** A column is of another type than the catalog knows. */
  public static final class ChangedType extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChangedType(ClassCastException cause) {
      super("a column is of another type than the catalog knows", cause);
    }
  }

  @Override
  public int row(Bytes out, Row row, boolean first) {
    int before = out.length();
    try {
      write(out, row, first);
    } catch (ClassCastException otherType) {
      throw new ChangedType(otherType);
    }
    return out.length() - before;
  }

  @Override
  public void drop(Bytes out, int octets) {
    out.truncate(out.length() - octets);
  }

  @Override
  public int held() {
    return 0;
  }

  /** In NDJSON a last line tells the error; what is missing tells it in the others. */
  @Override
  public byte[] brokenOff(String error) {
    return (form == MediaType.NDJSON ? error + "\n" : " ").getBytes(StandardCharsets.UTF_8);
  }

  private void write(Bytes out, Row row, boolean first) {
    switch (form) {
      case JSON, STRIPPED_ARRAY -> object(first ? out : out.ascii(",\n"), row);
      case OBJECT, STRIPPED_OBJECT -> object(out, row);
      case NDJSON -> {
        object(out, row);
        out.octet('\n');
      }
      case CSV -> record(out, row);
      case ARROW, PARQUET -> throw new IllegalStateException("its rows are no text");
    }
  }

  private void object(Bytes out, Row row) {
    if (bare) {
      valueOrNull(out, row, 0);
      return;
    }
    if (form.isStripped() || kinds.length == 0) {
      stripped(out, row);
      return;
    }
    for (int i = 0; i < kinds.length; i++) {
      out.octets(names[i]);
      valueOrNull(out, row, i);
    }
    out.octet('}');
  }

  private void valueOrNull(Bytes out, Row row, int column) {
    Object value = row.getValue(column);
    if (value == null) {
      out.octets(NULL);
    } else {
      value(out, kinds[column], value);
    }
  }

  private void stripped(Bytes out, Row row) {
    char before = '{';
    for (int i = 0; i < kinds.length; i++) {
      Object value = row.getValue(i);
      if (value != null && !(isJson(kinds[i]) && value.equals("null"))) {
        value(out.octet(before).octets(names[i]), kinds[i], value);
        before = ',';
      }
    }
    out.ascii(before == '{' ? "{}" : "}");
  }

  private static boolean isJson(OutputKind kind) {
    return kind == OutputKind.JSON || kind == OutputKind.CONVERTED;
  }

  private void value(Bytes out, OutputKind kind, Object value) {
    switch (kind) {
      case BOOLEAN -> out.octets((Boolean) value ? TRUE : FALSE);
      case INTEGER -> out.number(whole(value));
      case NUMBER -> number(out, (String) value);
      case TEXT -> out.json((String) value);
      case UUID -> out.octet('"').uuid((UUID) value).octet('"');
      case TIMESTAMPTZ -> DateTimeJson.write(out, (OffsetDateTime) value);
      case TIMESTAMP -> DateTimeJson.write(out, (LocalDateTime) value);
      case DATE -> DateTimeJson.write(out, (LocalDate) value);
      case JSON, CONVERTED ->
          out.text(form == MediaType.NDJSON ? line((String) value) : (String) value);
    }
  }

  private static long whole(Object value) {
    return switch (value) {
      case Long number -> number;
      case Integer number -> number;
      case Short number -> number;
      default -> throw new ClassCastException(value.getClass().getName());
    };
  }

  /**
   * Line breaks in a JSON value stand only between its tokens; inside of its texts they are
   * escaped.
   */
  private static String line(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }

  private static void number(Bytes out, String text) {
    boolean finite = text.charAt(text.length() - 1) <= '9';
    if (finite) {
      out.ascii(text);
    } else {
      out.octet('"').ascii(text).octet('"');
    }
  }

  private void record(Bytes out, Row row) {
    for (int i = 0; i < kinds.length; i++) {
      String value = row.getString(i);
      if (i > 0) {
        out.octet(',');
      }
      if (value != null) {
        csv(out, value);
      }
    }
    out.ascii("\r\n");
  }

  /** RFC 4180; an empty text is quoted, so that it differs from null. */
  private static void csv(Bytes out, String value) {
    boolean plain = !value.isEmpty();
    for (int i = 0; plain && i < value.length(); i++) {
      char c = value.charAt(i);
      plain = c != '"' && c != ',' && c != '\n' && c != '\r';
    }
    if (plain) {
      out.text(value);
    } else {
      out.octet('"').text(value.replace("\"", "\"\"")).octet('"');
    }
  }
}
