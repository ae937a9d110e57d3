package dev.escala.store.postgres;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Rejection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps rejected messages whole; a redelivery is counted, not kept twice. */
final class DeadLetterTable {
  /** The time is that of the new row: Citus updates a row that is there by no function. */
  private static final String INSERT =
      """
      INSERT INTO escala.dead_letter AS d
        (topic, source, message_id, reason, sqlstate, "column", detail, body, attributes,
         published_at, original_id, attempts)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, jsonb_object(?::text[], ?::text[]), ?, ?, 1)
      ON CONFLICT (topic, source, message_id, reason) DO UPDATE
        SET last_seen = excluded.last_seen, attempts = d.attempts + 1,
            status = CASE WHEN d.status = 'resolved' THEN 'new' ELSE d.status END\
      """;

  /** Its reason stays where the message has another letter with the newer one. */
  private static final String TRIED_AGAIN =
      """
      UPDATE escala.dead_letter AS d
      SET last_seen = now(), attempts = d.attempts + 1,
          reason = CASE WHEN it.moves THEN it.reason ELSE d.reason END,
          sqlstate = CASE WHEN it.moves THEN ? ELSE d.sqlstate END,
          "column" = CASE WHEN it.moves THEN ? ELSE d."column" END,
          detail = CASE WHEN it.moves THEN ? ELSE d.detail END
      FROM (
        SELECT l.id, n.reason, NOT EXISTS (
          SELECT FROM escala.dead_letter AS other
          WHERE other.topic = l.topic AND other.source = l.source
            AND other.message_id = l.message_id AND other.reason = n.reason AND other.id <> l.id
        ) AS moves
        FROM escala.dead_letter AS l, (SELECT ?::text AS reason) AS n
        WHERE l.id = ?
      ) AS it
      WHERE d.id = it.id AND d.status <> 'resolved'\
      """;

  /** A message and why it is rejected. */
  record Entry(Message message, Rejection rejection) {}

  private DeadLetterTable() {}

  static void insert(Connection connection, List<Entry> entries) throws SQLException {
    keep(connection, entries.stream().filter(entry -> !isReplayed(entry)).toList());
    triedAgain(connection, entries.stream().filter(DeadLetterTable::isReplayed).toList());
  }

  /** Whether letters of a topic are open. */
  static boolean isOpen(Connection connection, String topic) throws SQLException {
    return Sql.finds(
        connection,
        "SELECT FROM escala.dead_letter WHERE topic = ? AND status = 'new' LIMIT 1",
        StorableText.of(topic));
  }

  private static boolean isReplayed(Entry entry) {
    return entry.message().deadLetter() != Message.ARRIVED;
  }

  private static void keep(Connection connection, List<Entry> entries) throws SQLException {
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
    String key = key(message);
    statement.setString(1, StorableText.of(message.topic()));
    statement.setString(2, message.origin().source().label());
    statement.setString(3, key);
    statement.setString(4, rejection.reason().code());
    statement.setString(5, rejection.sqlState());
    statement.setString(6, column(rejection));
    statement.setString(7, StorableText.of(rejection.detail()));
    statement.setBytes(8, message.payload().copy());
    List<Map.Entry<String, String>> attributes =
        List.copyOf(message.origin().attributes().entrySet());
    Stream<String> names = attributes.stream().map(Map.Entry::getKey).map(StorableText::distinct);
    Stream<String> values = attributes.stream().map(Map.Entry::getValue).map(StorableText::of);
    statement.setArray(9, texts(connection, names));
    statement.setArray(10, texts(connection, values));
    statement.setTimestamp(11, micros(message.origin().publishedAt()));
    statement.setBytes(12, original(message.origin().messageId(), key));
  }

  private static @Nullable String column(Rejection rejection) {
    return rejection.column() == null ? null : StorableText.of(rejection.column());
  }

  /** Rounded as in rows, so that a replay has the time that its row would have had. */
  private static Timestamp micros(Instant time) {
    return Timestamp.from(Instant.ofEpochSecond(time.getEpochSecond(), rounded(time.getNano())));
  }

  private static long rounded(int nanos) {
    return (nanos + 500) / 1000 * 1000L;
  }

  private static byte @Nullable [] original(String id, String key) {
    return id.equals(key) ? null : StorableText.characters(id);
  }

  private static void triedAgain(Connection connection, List<Entry> entries) throws SQLException {
    if (entries.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(TRIED_AGAIN)) {
      for (Entry entry : entries) {
        statement.setString(1, entry.rejection().sqlState());
        statement.setString(2, column(entry.rejection()));
        statement.setString(3, StorableText.of(entry.rejection().detail()));
        statement.setString(4, entry.rejection().reason().code());
        statement.setLong(5, entry.message().deadLetter());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /**
   * The id of the message; where it was minted, and a repeat has another, its body on that day and
   * its place in the request, so that what is the same within one request stays apart.
   */
  static String key(Message message) {
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
