package dev.escala.query;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.catalog.SqlNames;
import java.util.Map;
import java.util.Set;

/** Reads SQL beside a database that has some names of its own. */
final class SqlSamples {
  static final SqlNames NAMES =
      new SqlNames(
          Set.of("public"),
          Set.of("send", "own"),
          Set.of("mood"),
          Set.of("Send", "say\"so", "tell", "effect", "zone"),
          Set.of("pg_read_file", "polygon", "upper"));

  private SqlSamples() {}

  static SqlRequest request(String sql) throws SqlRefused {
    return SqlRequest.of(sql, Map.of(), NAMES);
  }

  static SqlRefused refusal(String sql) {
    return refusal(sql, Map.of());
  }

  static SqlRefused refusal(String sql, Map<String, String> values) {
    return catchThrowableOfType(SqlRefused.class, () -> SqlRequest.of(sql, values, NAMES));
  }
}
