package dev.escala.canary;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Keeps the markers of the canary; a redelivery is counted, not kept twice. */
final class MarkerTable {
  private static final String INSERT =
      """
      INSERT INTO escala.canary AS c (topic, canary, seq, sent_at, body, hash, signature)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (topic, canary, seq) DO UPDATE SET deliveries = c.deliveries + 1
      RETURNING deliveries\
      """;

  private static final String SINCE =
      """
      SELECT topic, canary, seq, sent_at, body, hash, signature, deliveries
      FROM escala.canary WHERE topic = ? AND canary = ? AND seq >= ? ORDER BY seq\
      """;

  /** Bounded, so that no delay makes a deletion that lasts. */
  private static final String EXPIRE =
      """
      DELETE FROM escala.canary WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM escala.canary
        WHERE stored_at < now() - make_interval(secs => ?) ORDER BY stored_at LIMIT 1000))\
      """;

  private MarkerTable() {}

  /** Says whether the marker is the first of its number. */
  static boolean insert(Connection connection, Marker marker) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, marker.topic());
      statement.setObject(2, marker.canary());
      statement.setLong(3, marker.seq());
      statement.setObject(4, marker.sentAt().atOffset(ZoneOffset.UTC));
      statement.setString(5, marker.body());
      statement.setString(6, marker.hash());
      statement.setString(7, marker.signature());
      try (ResultSet stored = statement.executeQuery()) {
        var _ = stored.next();
        return stored.getInt(1) == 1;
      }
    }
  }

  static List<StoredMarker> since(Connection connection, String topic, UUID canary, long seq)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SINCE)) {
      statement.setString(1, topic);
      statement.setObject(2, canary);
      statement.setLong(3, seq);
      try (ResultSet rows = statement.executeQuery()) {
        List<StoredMarker> markers = new ArrayList<>();
        while (rows.next()) {
          markers.add(new StoredMarker(marker(rows), rows.getInt(8)));
        }
        return markers;
      }
    }
  }

  private static Marker marker(ResultSet row) throws SQLException {
    return new Marker(
        row.getString(1),
        row.getObject(2, UUID.class),
        row.getLong(3),
        row.getObject(4, OffsetDateTime.class).toInstant(),
        row.getString(5),
        row.getString(6),
        row.getString(7));
  }

  static int expire(Connection connection, Duration age) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(EXPIRE)) {
      statement.setDouble(1, age.toMillis() / 1e3);
      return statement.executeUpdate();
    }
  }
}
