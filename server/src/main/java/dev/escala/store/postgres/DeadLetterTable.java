package dev.escala.store.postgres;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Rejection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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
    statement.setString(1, StorableText.of(message.topic()));
    statement.setString(2, message.origin().source().label());
    statement.setString(3, key(message));
    statement.setString(4, rejection.reason().code());
    statement.setString(5, rejection.sqlState());
    statement.setString(6, rejection.column() == null ? null : StorableText.of(rejection.column()));
    statement.setString(7, StorableText.of(rejection.detail()));
    statement.setBytes(8, message.payload().copy());
    List<Map.Entry<String, String>> attributes =
        List.copyOf(message.origin().attributes().entrySet());
    Stream<String> names = attributes.stream().map(Map.Entry::getKey).map(StorableText::distinct);
    Stream<String> values = attributes.stream().map(Map.Entry::getValue).map(StorableText::of);
    statement.setArray(9, texts(connection, names));
    statement.setArray(10, texts(connection, values));
    statement.setTimestamp(11, Timestamp.from(message.origin().publishedAt()));
  }

  /**
   * The id of the message; where it was minted, and a repeat has another, its body on that day and
   * its place in the request, so that what is the same within one request stays apart.
   */
  private static String key(Message message) {
    Origin origin = message.origin();
    if (origin.minted() == Origin.GIVEN) {
      return StorableText.distinct(origin.messageId());
    }
    LocalDate day = LocalDate.ofInstant(origin.publishedAt(), ZoneOffset.UTC);
    return "%s %d %s".formatted(day, origin.minted(), StorableText.hash(message.payload()));
  }

  private static java.sql.Array texts(Connection connection, Stream<String> texts)
      throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }
}
