package dev.escala.store.postgres;

import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Payload;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.SourceKind;
import dev.escala.store.DeadLetter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a row of {@code escala.dead_letter}. */
final class LetterReading {
  private LetterReading() {}

  static DeadLetter letter(ResultSet row) throws SQLException {
    return new DeadLetter(
        row.getLong("id"),
        row.getString("topic"),
        row.getString("source"),
        row.getString("message_id"),
        new DeadLetter.Why(
            row.getString("reason"),
            row.getString("column"),
            row.getString("detail"),
            row.getString("sqlstate")),
        status(row.getString("status")),
        row.getInt("attempts"),
        row.getLong("bytes"),
        time(row, "published_at"),
        time(row, "first_seen"),
        time(row, "last_seen"),
        optionalTime(row, "resolved_at"));
  }

  /** No version wrote {@code replaying}, which the table allows: it is as good as new. */
  private static DeadLetter.Status status(String label) {
    return switch (label) {
      case "resolved" -> DeadLetter.Status.RESOLVED;
      case "discarded" -> DeadLetter.Status.DISCARDED;
      default -> DeadLetter.Status.NEW;
    };
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(optionalTime(row, column));
  }

  private static @Nullable Instant optionalTime(ResultSet row, String column) throws SQLException {
    Timestamp time = row.getTimestamp(column);
    return time == null ? null : time.toInstant();
  }

  /** With the message as it was: its id, its time and its attributes make the same row of it. */
  static DeadLetter.Whole whole(ResultSet row) throws SQLException {
    DeadLetter letter = letter(row);
    byte[] original = row.getBytes("original_id");
    Origin origin =
        new Origin(
            SourceKind.valueOf(letter.source().toUpperCase(Locale.ROOT)),
            original == null ? letter.messageId() : StorableText.text(original),
            letter.publishedAt(),
            letter.attempts(),
            attributes(texts(row, "names"), texts(row, "texts")));
    Payload body = Payload.of(row.getBytes("body"));
    return new DeadLetter.Whole(
        letter, new Message(letter.topic(), body, origin, unreadable(letter), letter.id()));
  }

  private static @Nullable Rejection unreadable(DeadLetter letter) {
    DeadLetter.Why why = letter.why();
    return Stream.of(
            ReasonCode.ENVELOPE_INVALID,
            ReasonCode.PAYLOAD_MISSING,
            ReasonCode.PAYLOAD_MALFORMED,
            ReasonCode.PAYLOAD_SCHEMA_MISSING,
            ReasonCode.PAYLOAD_S3_DENIED,
            ReasonCode.PAYLOAD_S3_MISSING)
        .filter(reason -> reason.code().equals(why.reason()))
        .findFirst()
        .map(reason -> Rejection.of(reason, why.detail()))
        .orElse(null);
  }

  private static String[] texts(ResultSet row, String column) throws SQLException {
    return Arrays.stream((Object[]) row.getArray(column).getArray())
        .map(String::valueOf)
        .toArray(String[]::new);
  }

  private static Map<String, String> attributes(String[] names, String[] texts) {
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      attributes.put(names[i], texts[i]);
    }
    return attributes;
  }
}
