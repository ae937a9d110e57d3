package dev.escala.decode;

import dev.escala.config.Section;
import dev.escala.decode.schema.MessageSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What becomes of the messages of a topic.
 *
 * @param keyFields fields of the dedup key; empty for the id of the message
 * @param timeField field of the event time; absent for the publish time
 * @param declared columns that the configuration names; empty for inference
 * @param policies of single columns; {@code policy} is that of all others
 * @param ownTable whether only a table that was made for this topic may be its table: whoever may
 *     publish invented its name
 * @param tail whether the rows that are stored are noted for those who listen
 * @param dedup what becomes of a message whose key a row has
 * @param renames fields of messages, and what they are called from there on
 * @param maintenance what is seen to beside the rows
 * @param maxColumns that messages may make of the table
 * @param issues whether rows tell what was done to their values so that they could be stored
 * @param schema what messages have to fit before they become rows
 */
public record TopicSettings(
    String topic,
    TableName table,
    List<String> keyFields,
    Optional<String> timeField,
    List<Column> declared,
    UnknownFields unknownFields,
    ColumnPolicy policy,
    Map<String, ColumnPolicy> policies,
    boolean ownTable,
    boolean tail,
    Dedup dedup,
    Map<String, String> renames,
    Maintenance maintenance,
    int maxColumns,
    boolean issues,
    Optional<MessageSchema> schema) {

  public TopicSettings {
    keyFields = List.copyOf(keyFields);
    declared = List.copyOf(declared);
    policies = Map.copyOf(policies);
    renames = Map.copyOf(renames);
  }

  /** What happens to fields that have no column. */
  public enum UnknownFields {
    ADD_COLUMN,
    KEEP,
    REJECT,
    DROP
  }

  /** Reads an entry of the configuration file. */
  public static TopicSettings read(String topic, Section section) {
    ColumnPolicy written = ColumnPolicy.read(section, ColumnPolicy.STRICT);
    Map<String, ColumnPolicy> policies = new HashMap<>();
    List<Column> declared = columns(section, written, policies);
    Map<String, String> renames = renames(section);
    UnaryOperator<String> renamed = field -> renames.getOrDefault(field, field);
    List<String> keys =
        section.texts("key").stream()
            .map(text -> field(section, "key", text))
            .map(renamed)
            .toList();
    Optional<String> time =
        section.optionalText("time").map(text -> field(section, "time", text)).map(renamed);
    UnknownFields otherwise = declared.isEmpty() ? UnknownFields.ADD_COLUMN : UnknownFields.REJECT;
    UnknownFields unknown = section.choice("unknown-fields", otherwise);
    boolean infers = declared.isEmpty() && unknown == UnknownFields.ADD_COLUMN;
    Optional<String> deleted =
        section.optionalText("deleted").map(text -> field(section, "deleted", text)).map(renamed);
    Dedup dedup = Dedup.read(section, keys, time, deleted);
    TableName table = table(topic, section);
    return new TopicSettings(
        topic,
        table,
        keys,
        time,
        declared,
        unknown,
        infers ? written : written.asDeclared(),
        policies,
        false,
        tail(section, dedup),
        dedup,
        renames,
        Maintenance.read(section, table, dedup),
        section.integer("max-columns", Decoder.MAX_COLUMNS, 1, Decoder.MAX_COLUMNS),
        section.flag("issues", false),
        MessageSchema.read(section));
  }

  private static Map<String, String> renames(Section section) {
    Map<String, String> renames = section.textsByName("rename");
    renames.forEach(
        (field, name) -> {
          if (name.isEmpty() || renames.containsKey(name)) {
            section.reject("rename." + field, "must name a field that is not renamed itself");
          }
        });
    return renames;
  }

  private static boolean tail(Section section, Dedup dedup) {
    boolean tail = section.flag("tail", false);
    if (tail && !dedup.isByKey()) {
      section.reject("tail", "needs dedup: key or latest, since it finds a row by its key");
    }
    return tail;
  }

  private static TableName table(String topic, Section section) {
    try {
      TableName table = TableName.parse(section.text("table"));
      if (topic.equals("*") && !table.toString().contains("{topic}")) {
        section.reject("table", "must contain {topic}, since the topic * stands for many");
      }
      return table;
    } catch (IllegalArgumentException malformed) {
      section.reject("table", String.valueOf(malformed.getMessage()));
      return new TableName("none", "public", "none");
    }
  }

  private static String field(Section section, String key, String path) {
    String name = path.startsWith("$.") ? path.substring(2) : "";
    if (name.isEmpty() || name.contains(".") || name.contains("[")) {
      section.reject(key, "must name a field at the top of the message, such as $.id, not " + path);
    }
    return name;
  }

  private static List<Column> columns(
      Section section, ColumnPolicy policy, Map<String, ColumnPolicy> policies) {
    List<Column> columns = new ArrayList<>();
    if (!section.has("columns") || section.isText("columns", "infer")) {
      return columns;
    }
    for (Section column : section.list("columns")) {
      String name = column.text("name");
      if (!ColumnName.of(name).equals(name)) {
        column.reject("name", "is reserved or longer than 63 bytes: " + name);
      }
      columns.add(Column.nullable(name, ColumnType.parse(column.text("type"))));
      policies.put(name, ColumnPolicy.read(column, policy.asDeclared()));
    }
    return columns;
  }

  /** The settings of one topic that is not configured, where these stand for all others. */
  public TopicSettings forTopic(String name) {
    return with(name, table.forTopic(name), true);
  }

  /** The same for a topic that the configuration names elsewhere: its table may be anybody's. */
  public TopicSettings withAnyTable() {
    return with(topic, table, false);
  }

  private TopicSettings with(String name, TableName itsTable, boolean own) {
    return new TopicSettings(
        name,
        itsTable,
        keyFields,
        timeField,
        declared,
        unknownFields,
        policy,
        policies,
        own,
        tail,
        dedup,
        renames,
        maintenance,
        maxColumns,
        issues,
        schema);
  }

  ColumnPolicy policyOf(String column) {
    return policies.getOrDefault(column, policy);
  }

  /** Whether something of the table is due from time to time, also when nobody writes. */
  public boolean isSeenToRegularly() {
    return maintenance.expires()
        || maintenance.partition() != Partition.NONE
        || dedup.mode() == Dedup.Mode.WINDOW;
  }

  /** What a field of a message is called. */
  String name(String field) {
    return renames.isEmpty() ? field : renames.getOrDefault(field, field);
  }

  /** Whether columns may be made wider by what messages bring. */
  boolean infers() {
    return declared.isEmpty() && unknownFields == UnknownFields.ADD_COLUMN;
  }
}
