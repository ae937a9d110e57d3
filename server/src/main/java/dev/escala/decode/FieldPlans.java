package dev.escala.decode;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The plans of all fields of a topic, for a table as it is; each is made once. */
final class FieldPlans {
  /** Names are chosen by who publishes: those of one table, in a few spellings, and no more. */
  private static final int MOST_KEPT = 4 * Decoder.MAX_COLUMNS;

  private final TopicSettings settings;
  private final TableColumns columns;
  private final Map<String, FieldPlan> kept = new ConcurrentHashMap<>();

  FieldPlans(TopicSettings settings, TableColumns columns) {
    this.settings = settings;
    this.columns = columns;
  }

  TopicSettings settings() {
    return settings;
  }

  TableColumns columns() {
    return columns;
  }

  /**
   * The plan of a field.
   *
   * @throws Refusal where its name cannot be stored
   */
  FieldPlan of(String sent) {
    FieldPlan known = kept.get(sent);
    if (known != null) {
      return known;
    }
    FieldPlan made = made(sent);
    if (made.position() >= 0 && kept.size() < MOST_KEPT) {
      kept.put(sent, made);
    }
    return made;
  }

  private FieldPlan made(String sent) {
    String field = settings.name(sent);
    ColumnPolicy policy = settings.policyOf(field);
    boolean deletes = settings.dedup().isDeletedField(field);
    String name = deletes ? field : UnstorableText.clean(field, policy.nul(), "a key");
    int position = columns.position(name);
    return new FieldPlan(
        sent,
        field,
        name,
        settings.keyFields().indexOf(field),
        settings.timeField().filter(field::equals).isPresent(),
        deletes,
        position,
        policy,
        position < 0 ? policy : settings.policyOf(columns.columns().get(position).name()));
  }
}
