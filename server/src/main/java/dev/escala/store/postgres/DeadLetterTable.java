package dev.escala.store.postgres;

import dev.escala.model.Message;
import dev.escala.model.Rejection;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Keeps rejected messages whole; a redelivery is counted, not kept twice. */
final class DeadLetterTable {
  private static final String INSERT =
      """
      INSERT INTO escala.dead_letter AS d
        (topic, source, message_id, reason, sqlstate, "column", detail, body, attributes,
         published_at, attempts)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, jsonb_object(?::text[], ?::text[]), ?, 1)
      ON CONFLICT (topic, source, message_id, reason) DO UPDATE
        SET last_seen = now(), attempts = d.attempts + 1,
            status = CASE WHEN d.status = 'resolved' THEN 'new' ELSE d.status END\
      """;

  private static final int MAX_KEY = 500;

  /** A message and why it is rejected. */
  record Entry(Message message, Rejection rejection) {}

  private DeadLetterTable() {}

  static void insert(Connection connection, List<Entry> entries) throws SQLException {
    if (entries.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      for (Entry entry : entries) {
        bind(connection, statement, entry);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void bind(Connection connection, PreparedStatement statement, Entry entry)
      throws SQLException {
    Message message = entry.message();
    Rejection rejection = entry.rejection();
    statement.setString(1, storable(message.topic()));
    statement.setString(2, message.origin().source().label());
    statement.setString(3, key(message.origin().messageId()));
    statement.setString(4, rejection.reason().code());
    statement.setString(5, rejection.sqlState());
    statement.setString(6, rejection.column() == null ? null : storable(rejection.column()));
    statement.setString(7, storable(rejection.detail()));
    statement.setBytes(8, message.payload().copy());
    List<Map.Entry<String, String>> attributes =
        List.copyOf(message.origin().attributes().entrySet());
    statement.setArray(9, texts(connection, attributes.stream().map(Map.Entry::getKey).toList()));
    statement.setArray(
        10, texts(connection, attributes.stream().map(Map.Entry::getValue).toList()));
    statement.setTimestamp(11, Timestamp.from(message.origin().publishedAt()));
  }

  /** An index entry has room for about 2,700 bytes. */
  private static String key(String messageId) {
    String key = storable(messageId);
    return key.length() <= MAX_KEY
        ? key
        : key.substring(0, MAX_KEY)
            + UUID.nameUUIDFromBytes(messageId.getBytes(StandardCharsets.UTF_8));
  }

  private static java.sql.Array texts(Connection connection, List<String> texts)
      throws SQLException {
    return connection.createArrayOf(
        "text", texts.stream().map(DeadLetterTable::storable).toArray());
  }

  private static String storable(String text) {
    StringBuilder storable = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        storable = storable == null ? new StringBuilder(text) : storable;
        storable.setCharAt(i, '\ufffd');
      }
    }
    return storable == null ? text : storable.toString();
  }
}
