package dev.escala.store.postgres;

import dev.escala.model.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the dead letters of messages are found by: the letter that is replayed, or source and key.
 */
final class LetterKeys {
  /** For messages that have none. */
  static final LetterKeys NONE = new LetterKeys("");

  /**
   * Takes the topic, arrays of sources and keys, and one of letters. What another transaction has
   * in hand, such as a replay, is left to it: nobody who stores rows waits for a letter. Rows that
   * a statement locks in one part of it, Citus cannot read in another.
   */
  static final String RESOLVE =
      """
      resolved AS (
        UPDATE escala.dead_letter SET status = 'resolved', resolved_at = now()
        WHERE id IN (
          SELECT d.id
          FROM (SELECT ?::text AS topic) AS t
          CROSS JOIN unnest(?::text[], ?::text[]) AS k(source, message_id)
          JOIN escala.dead_letter AS d
            ON d.topic = t.topic AND d.source = k.source AND d.message_id = k.message_id
          WHERE d.status = 'new'
          FOR UPDATE OF d SKIP LOCKED
        )
      ), replayed AS (
        UPDATE escala.dead_letter SET status = 'resolved', resolved_at = now()
        WHERE id = ANY (?::bigint[]) AND status <> 'resolved'
      )\
      """;

  private final String topic;
  private final List<String> sources = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final List<Long> letters = new ArrayList<>();

  private LetterKeys(String topic) {
    this.topic = topic;
  }

  /** Of messages of one topic. */
  static LetterKeys of(String topic, List<Message> messages) {
    LetterKeys all = new LetterKeys(StorableText.of(topic));
    for (Message message : messages) {
      if (message.deadLetter() == Message.ARRIVED) {
        all.sources.add(message.origin().source().label());
        all.keys.add(DeadLetterTable.key(message));
      } else {
        all.letters.add(message.deadLetter());
      }
    }
    return all;
  }

  boolean isEmpty() {
    return keys.isEmpty() && letters.isEmpty();
  }

  /** Binds the four parameters, and answers the position behind them. */
  int bind(Connection connection, PreparedStatement statement, int from) throws SQLException {
    statement.setString(from, topic);
    statement.setArray(from + 1, connection.createArrayOf("text", sources.toArray()));
    statement.setArray(from + 2, connection.createArrayOf("text", keys.toArray()));
    statement.setArray(from + 3, connection.createArrayOf("bigint", letters.toArray()));
    return from + 4;
  }

  /** Their messages are stored, or rows with their keys are there. */
  void resolve(Connection connection) throws SQLException {
    if (isEmpty()) {
      return;
    }
    String sql = "WITH " + RESOLVE + " SELECT";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      var _ = bind(connection, statement, 1);
      statement.executeQuery().close();
    }
  }
}
