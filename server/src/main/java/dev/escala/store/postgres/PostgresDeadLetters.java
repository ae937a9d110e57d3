package dev.escala.store.postgres;

import dev.escala.postgres.ConnectionWork;
import dev.escala.postgres.Connections;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.SqlState;
import dev.escala.store.DeadLetter;
import dev.escala.store.DeadLetters;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code escala.dead_letter}, to work on. */
public final class PostgresDeadLetters implements DeadLetters {
  private static final String COLUMNS =
      """
      id, topic, source, message_id, reason, sqlstate, "column", detail, status, attempts,
      octet_length(body)::bigint AS bytes, published_at, first_seen, last_seen,
      CASE WHEN status IN ('resolved', 'discarded') THEN resolved_at END AS resolved_at\
      """;

  /** Attributes as two arrays: this room reads no JSON. */
  private static final String MESSAGE =
      """
      , body, original_id,
      ARRAY(SELECT a.key FROM jsonb_each_text(attributes) AS a ORDER BY a.key) AS names,
      ARRAY(SELECT a.value FROM jsonb_each_text(attributes) AS a ORDER BY a.key) AS texts\
      """;

  private final Connections connections;

  /** Over the connections that rows are written with; does not touch the database yet. */
  public PostgresDeadLetters(PostgresDatabase database) {
    this.connections = database.writers();
  }

  @Override
  public List<DeadLetter> list(Filter filter, long after, int most) {
    LetterConditions where = LetterConditions.of(filter, after);
    String sql =
        "SELECT %s FROM escala.dead_letter WHERE %s ORDER BY id LIMIT %d"
            .formatted(COLUMNS, where, most);
    return read(sql, where, LetterReading::letter);
  }

  @Override
  public Optional<DeadLetter.Whole> find(long id) {
    LetterConditions where = LetterConditions.of(id);
    String sql = "SELECT %s%s FROM escala.dead_letter WHERE %s".formatted(COLUMNS, MESSAGE, where);
    return read(sql, where, LetterReading::whole).stream().findFirst();
  }

  /** The lengths of bodies are known without reading them. */
  @Override
  public List<DeadLetter.Whole> messages(Filter filter, long after, int most, long bytes) {
    LetterConditions where = LetterConditions.of(filter, after);
    String sql =
        """
        SELECT %s%s FROM escala.dead_letter
        WHERE id IN (
          SELECT id FROM (
            SELECT id, octet_length(body) AS bytes,
                   sum(octet_length(body)) OVER (ORDER BY id) AS total
            FROM (SELECT id, body FROM escala.dead_letter WHERE %s ORDER BY id LIMIT %d) AS page
          ) AS sums
          WHERE total - bytes = 0 OR total <= %d)
        ORDER BY id\
        """
            .formatted(COLUMNS, MESSAGE, where, most, bytes);
    return read(sql, where, LetterReading::whole);
  }

  @Override
  public long count(Filter filter, long after) {
    LetterConditions where = LetterConditions.of(filter, after);
    String sql = "SELECT count(*) FROM escala.dead_letter WHERE " + where;
    return read(sql, where, answer -> answer.getLong(1)).getFirst();
  }

  @Override
  public long last() {
    String sql = "SELECT coalesce(max(id), 0) FROM escala.dead_letter";
    return read(sql, LetterConditions.NONE, answer -> answer.getLong(1)).getFirst();
  }

  @Override
  public long discard(Filter filter, long most) {
    LetterConditions where =
        LetterConditions.of(filter.withStatus(DeadLetter.Status.NEW), Long.MIN_VALUE);
    String sql =
        """
        UPDATE escala.dead_letter SET status = 'discarded', resolved_at = now()
        WHERE id IN (SELECT id FROM escala.dead_letter WHERE %s ORDER BY id LIMIT %d FOR UPDATE)\
        """
            .formatted(where, most);
    return lend(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            where.bind(statement);
            return statement.executeLargeUpdate();
          }
        });
  }

  private interface Reading<T> {
    T of(ResultSet answer) throws SQLException;
  }

  private <T> List<T> read(String sql, LetterConditions where, Reading<T> reading) {
    return lend(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            where.bind(statement);
            List<T> all = new ArrayList<>();
            try (ResultSet answer = statement.executeQuery()) {
              while (answer.next()) {
                all.add(reading.of(answer));
              }
            }
            return all;
          }
        });
  }

  private <T> T lend(ConnectionWork<T> work) {
    try {
      return connections.lend(work);
    } catch (SQLException failure) {
      throw SqlState.unavailable(failure);
    }
  }
}
