package dev.escala.decode;

import dev.escala.decode.Decoder.Evolution;
import dev.escala.decode.JsonValue.Form;
import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a table would become of messages: the columns that the decoder itself asks for, and what was
 * seen of each field. Holds no rows.
 */
public final class Inference {
  /** A widening may follow on a new column. */
  private static final int MOST_EVOLUTIONS = 4;

  private final Decoder decoder;
  private final Origin origin = new Origin(SourceKind.HTTP, "1", Instant.EPOCH, 1, Map.of());
  private final Map<String, ColumnType> columns = new LinkedHashMap<>();
  private final Map<String, FieldSeen> fields = new LinkedHashMap<>();
  private final List<Refused> refused = new ArrayList<>();
  private final List<Widened> widened = new ArrayList<>();
  private long messages;

  /**
   * A message that would be a dead letter.
   *
   * @param message its place, from 1
   */
  public record Refused(long message, Rejection rejection) {}

  /**
   * A message whose value its column did not hold.
   *
   * @param message its place, from 1
   */
  public record Widened(long message, String column, ColumnType from, ColumnType to) {}

  /** Begins with a table that is not there. */
  public Inference(TopicSettings settings) {
    this.decoder = new Decoder(settings);
  }

  /** The next message, as JSON. */
  public void add(String json) {
    messages++;
    Message message = new Message(decoder.topic(), Payload.utf8(json), origin);
    for (int i = 0; i < MOST_EVOLUTIONS; i++) {
      switch (decoder.decode(message, table(), Evolution.ALLOWED)) {
        case Decoded.Rejected(Rejection rejection) -> {
          refused.add(new Refused(messages, rejection));
          return;
        }
        case Decoded.NeedsChange(List<ColumnChange> changes) -> changes.forEach(this::change);
        case Decoded.Fits _ -> {
          note(json.getBytes(StandardCharsets.UTF_8));
          return;
        }
      }
    }
  }

  private TableColumns table() {
    List<Column> all =
        columns.entrySet().stream()
            .map(column -> Column.nullable(column.getKey(), column.getValue()))
            .toList();
    return new TableColumns(true, true, all, Set.of());
  }

  private void change(ColumnChange change) {
    ColumnType before = columns.get(change.column());
    ColumnType after = before == null ? change.type() : before.common(change.type());
    if (before != null && !before.equals(after)) {
      widened.add(new Widened(messages, change.column(), before, after));
    }
    columns.put(change.column(), after);
  }

  private void note(byte[] json) {
    try (JsonParser parser = MessageJson.parser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = parser.currentName();
        JsonValue value = JsonParsing.value(parser, json, field);
        FieldSeen seen = fields.computeIfAbsent(field, name -> new FieldSeen());
        if (value.form() == Form.CONTAINER) {
          seen.container();
        } else if (value.form() != Form.NULL) {
          seen.scalar(value.source(), value.form() == Form.STRING);
        }
      }
    }
  }

  /** How many there were. */
  public long messages() {
    return messages;
  }

  /** The columns, in the order in which they were first seen. */
  public Map<String, ColumnType> columns() {
    return new LinkedHashMap<>(columns);
  }

  /** What was seen of each field of those that are no dead letters. */
  public Map<String, FieldSeen> fields() {
    return new LinkedHashMap<>(fields);
  }

  public List<Refused> refused() {
    return List.copyOf(refused);
  }

  public List<Widened> widened() {
    return List.copyOf(widened);
  }

  /**
   * Fields by which each message is told from all others: those first that are called so, times
   * last.
   */
  public List<String> keys() {
    return fields.entrySet().stream()
        .filter(field -> field.getValue().isUnique(messages - refused.size()))
        .filter(field -> isKeyType(field.getKey()))
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparing(this::isTime).thenComparing(field -> !isCalledKey(field)))
        .toList();
  }

  private boolean isKeyType(String field) {
    ColumnType type = columns.getOrDefault(ColumnName.of(field), ColumnType.JSONB);
    return switch (type.kind()) {
      case INT8, TEXT, UUID, DATE, TIMESTAMP, TIMESTAMPTZ -> true;
      default -> false;
    };
  }

  private static boolean isCalledKey(String field) {
    return field.toLowerCase(Locale.ROOT).matches("(.*[_-])?(id|key|uuid)|.*Id");
  }

  /** Fields that are a time in each message. */
  public List<String> times() {
    return fields.entrySet().stream()
        .filter(field -> field.getValue().values() == messages - refused.size())
        .map(Map.Entry::getKey)
        .filter(this::isTime)
        .toList();
  }

  private boolean isTime(String field) {
    ColumnType type = columns.getOrDefault(ColumnName.of(field), ColumnType.JSONB);
    return switch (type.kind()) {
      case TIMESTAMPTZ, TIMESTAMP, DATE -> true;
      default -> false;
    };
  }
}
