package dev.escala.decode;

import dev.escala.decode.Decoder.Evolution;
import dev.escala.decode.JsonValue.Form;
import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.ReasonCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/** One pass over one message. */
final class MessageReading {
  private final FieldPlans plans;
  private final TopicSettings settings;
  private final TableColumns columns;
  private final Evolution evolution;
  private final @Nullable Object[] values;
  private final BitSet given = new BitSet();
  private final @Nullable JsonValue[] keyValues;
  private final List<ColumnChange> changes = new ArrayList<>();
  private @Nullable JsonValue timeValue;
  private boolean deletes;
  private int added;
  private final Set<String> unknown = HashSet.newHashSet(0);
  private final Set<String> kept = HashSet.newHashSet(0);
  private @Nullable ByteArrayOutputStream extra;
  private final Issues issues = new Issues();

  MessageReading(FieldPlans plans, Evolution evolution) {
    this.plans = plans;
    this.settings = plans.settings();
    this.columns = plans.columns();
    this.evolution = evolution;
    this.values = new @Nullable Object[columns.columns().size()];
    this.keyValues = new @Nullable JsonValue[settings.keyFields().size()];
  }

  Decoded read(Message message, JsonParser parser, byte[] json) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw Refusal.of(ReasonCode.JSON_MALFORMED, "a message is one JSON object");
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = parser.currentName();
      field(plans.of(field), JsonParsing.value(parser, json, field));
    }
    if (parser.nextToken() != null) {
      throw Refusal.of(ReasonCode.JSON_MALFORMED, "something follows the JSON object");
    }
    if (deletes) {
      return new Decoded.Fits(Row.deletion(version(message)));
    }
    // Also where the table has to change first: a message that is rejected does not shape it.
    requireAll();
    Row row = row(message);
    return changes.isEmpty() ? new Decoded.Fits(row) : new Decoded.NeedsChange(changes);
  }

  private Row row(Message message) {
    Row.Documents documents =
        new Row.Documents(extraObject(), settings.issues() ? issues.json() : null);
    return Row.of(version(message), values, given, documents);
  }

  private Row.Version version(Message message) {
    Origin origin = message.origin();
    Object key =
        keyValues.length == 0
            ? MessageKey.ofOrigin(origin, columns.uuidKey())
            : MessageKey.ofFields(settings.keyFields(), keyValues, columns.uuidKey());
    return new Row.Version(key, eventTime(message), origin.source(), origin.sequence());
  }

  private Instant eventTime(Message message) {
    if (settings.timeField().isEmpty()) {
      return message.origin().publishedAt();
    }
    String field = settings.timeField().get();
    if (timeValue == null || timeValue.form() == Form.NULL) {
      throw Refusal.of(ReasonCode.FIELD_MISSING, field, "is the event time and must be there");
    }
    return ValueReader.eventTime(timeValue, field, settings.policyOf(field));
  }

  private void field(FieldPlan plan, JsonValue given) {
    JsonValue value =
        given.form() == Form.NON_FINITE ? finite(plan.field(), given, plan.policy()) : given;
    boolean fillsColumn = plan.position() >= 0 && !plan.deletes();
    if (!fillsColumn && !unknown.add(plan.sent())) {
      throw NamesOfObjects.twice();
    }
    if (plan.key() >= 0) {
      keyValues[plan.key()] = value;
    }
    if (plan.time()) {
      timeValue = value;
    }
    if (plan.deletes()) {
      deletes = Dedup.deletes(value);
      return;
    }
    if (!plan.name().equals(plan.field())) {
      issues.cleanedName(plan.name());
    }
    if (fillsColumn) {
      known(plan, value);
      if (given.form() == Form.NON_FINITE) {
        issues.omitted(columns.columns().get(plan.position()).name(), given);
      }
    } else {
      unknown(plan.name(), given, value);
    }
  }

  private static JsonValue finite(String field, JsonValue value, ColumnPolicy policy) {
    if (policy.nonFinite() == ColumnPolicy.NonFinite.OMIT) {
      return JsonValue.scalar(Form.NULL, "");
    }
    throw Refusal.of(
        ReasonCode.JSON_MALFORMED,
        field,
        "is %s, and JSON has no such number; send null, or set non-finite: omit"
            .formatted(value.text()));
  }

  private void known(FieldPlan plan, JsonValue value) {
    int position = plan.position();
    Column column = columns.columns().get(position);
    if (given.get(position)) {
      throw Refusal.of(
          ReasonCode.JSON_DUPLICATE_KEY, column.name(), "two fields would fill this column");
    }
    given.set(position);
    ColumnPolicy policy = plan.columnPolicy();
    try {
      values[position] = ValueReader.read(value, column, policy);
      note(column, value, values[position]);
    } catch (Refusal refusal) {
      ColumnType wider =
          isEpoch(column, value) ? column.type() : column.type().common(value.inferred());
      if (!mayWiden(column, wider)) {
        throw refusal;
      }
      values[position] = ValueReader.read(value, Column.nullable(column.name(), wider), policy);
      changes.add(new ColumnChange.Widen(column.name(), wider));
    }
  }

  private void note(Column column, JsonValue value, @Nullable Object stored) {
    if (settings.issues() && stored != null) {
      ValueChange.of(value, column, stored, settings.policyOf(column.name()))
          .ifPresent(kind -> issues.add(kind, column, value));
    }
  }

  /** Where numbers are times, one that is none does not make a text of all others. */
  private boolean isEpoch(Column column, JsonValue value) {
    return column.type().kind() == ColumnType.Kind.TIMESTAMPTZ
        && value.form() != Form.STRING
        && settings.policyOf(column.name()).time() != ColumnPolicy.Time.ISO;
  }

  /** What users made only becomes a wider number. */
  private boolean mayWiden(Column column, ColumnType wider) {
    boolean wanted =
        column.type().isNarrowerNumber(wider)
            || (columns.made()
                && !settings.maintenance().isRolledUp(column.name())
                && settings.policyOf(column.name()).widen() == ColumnPolicy.Widen.TEXT);
    return evolution == Evolution.ALLOWED
        && settings.infers()
        && column.type().widensTo(wider)
        && wanted;
  }

  private void unknown(String field, JsonValue given, JsonValue value) {
    String name = ColumnName.of(field);
    switch (settings.unknownFields()) {
      case DROP -> {
        // as configured
      }
      case KEEP -> {
        keep(field, value);
        if (given.form() == Form.NON_FINITE) {
          issues.ofExtra(Issues.Kind.OMITTED, field, given);
        }
      }
      case REJECT ->
          throw Refusal.of(
              ReasonCode.FIELD_UNKNOWN,
              field,
              "has no column; declare one, or set unknown-fields to add-column, keep or drop");
      case ADD_COLUMN -> {
        if (value.form() != Form.NULL) {
          add(name, value);
        } else if (given.form() == Form.NON_FINITE) {
          issues.omitted(name, given);
        }
      }
    }
  }

  private void add(String name, JsonValue value) {
    if (columns.generated().contains(name)) {
      throw Refusal.of(
          ReasonCode.FIELD_UNKNOWN, name, "is generated by the database; leave the field out");
    }
    int room = settings.maxColumns() - columns.columns().size();
    if (evolution == Evolution.FINISHED || room <= 0) {
      throw Refusal.of(
          ReasonCode.FIELD_UNKNOWN,
          name,
          "has no column and none could be added: the table or all that were made for topics"
              + " without a configuration have too many, it got too many within an hour, or it"
              + " cannot be changed now; set unknown-fields: keep");
    }
    if (++added > Math.clamp(room / 2, 1, Decoder.MAX_NEW_COLUMNS)) {
      throw Refusal.of(
          ReasonCode.FIELD_UNKNOWN,
          name,
          "is one of too many new fields: a message brings at most %d, and half of what is left of %d; declare columns, or set unknown-fields: keep"
              .formatted(Decoder.MAX_NEW_COLUMNS, settings.maxColumns()));
    }
    ColumnType type = value.inferred();
    var _ = ValueReader.read(value, Column.nullable(name, type), settings.policyOf(name));
    changes.add(new ColumnChange.Add(name, type));
  }

  private void keep(String field, JsonValue value) {
    if (!kept.add(field)) {
      throw Refusal.of(
          ReasonCode.JSON_DUPLICATE_KEY, field, "two fields would be this member of _extra");
    }
    if (extra == null) {
      extra = new ByteArrayOutputStream();
      extra.write('{');
    } else {
      extra.write(',');
    }
    extra.write('"');
    extra.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(field));
    extra.write('"');
    extra.write(':');
    extra.writeBytes(ValueReader.json(value, settings.policyOf(field), field));
    if (settings.issues() && ValueChange.isCleaned(value, settings.policyOf(field))) {
      issues.ofExtra(Issues.Kind.CLEANED, field, value);
    }
  }

  private byte @Nullable [] extraObject() {
    return extra == null
        ? null
        : (extra.toString(StandardCharsets.UTF_8) + "}").getBytes(StandardCharsets.UTF_8);
  }

  private void requireAll() {
    for (int i = 0; i < values.length; i++) {
      Column column = columns.columns().get(i);
      if (column.required() && values[i] == null) {
        throw Refusal.of(ReasonCode.FIELD_MISSING, column.name(), "must be there and not be null");
      }
    }
  }
}
