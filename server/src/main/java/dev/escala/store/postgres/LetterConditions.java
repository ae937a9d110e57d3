package dev.escala.store.postgres;

import dev.escala.store.DeadLetters.Filter;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A filter as a condition of SQL, with its values as parameters. */
final class LetterConditions {
  static final LetterConditions NONE = new LetterConditions();

  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  private LetterConditions() {}

  static LetterConditions of(long id) {
    LetterConditions all = new LetterConditions();
    all.add("id = ?", id);
    return all;
  }

  /** Those behind an id. */
  static LetterConditions of(Filter filter, long after) {
    LetterConditions all = new LetterConditions();
    all.add("id > ?", after);
    all.add("id = ?", filter.id());
    all.add("id <= ?", filter.upTo());
    all.add("topic = ?", filter.topic() == null ? null : StorableText.of(filter.topic()));
    all.add("reason = ?", filter.reason() == null ? null : StorableText.of(filter.reason()));
    all.add("status = ?", filter.status() == null ? null : filter.status().label());
    all.add("last_seen >= ?", filter.since());
    all.add("first_seen < ?", filter.until());
    return all;
  }

  private void add(String condition, @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      values.add(value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
    }
  }

  void bind(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }

  /** Behind {@code WHERE}. */
  @Override
  public String toString() {
    return String.join(" AND ", conditions);
  }
}
