package dev.escala.store.postgres;

import dev.escala.model.RowTails.Portion;
import dev.escala.model.RowTails.StoredKey;
import dev.escala.model.Snapshot;
import dev.escala.model.SqlIdentifier;
import dev.escala.model.TailPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The notes of stored rows in {@code escala.tail}: which are new to whom, and when they go. */
final class TailNotes {
  /** Of one note. */
  static final int MOST_KEYS = 100;

  /** Of one portion, about. */
  private static final int PORTION_KEYS = 1_000;

  /** Snapshots are compared here by what they show, so that no order of commits matters. */
  private static final String NEW =
      """
      SELECT n.id, n.keys, n.before + n.amount
      FROM (SELECT id, keys, amount, sum(amount) OVER (ORDER BY id) - amount AS before
            FROM escala.tail
            WHERE relation = to_regclass(?)::oid
              AND xid >= pg_snapshot_xmin(?::pg_snapshot)
              AND NOT pg_visible_in_snapshot(xid, ?::pg_snapshot)
              AND pg_visible_in_snapshot(xid, ?::pg_snapshot)
              AND id >= ?) n
      WHERE n.before < ? ORDER BY n.id\
      """;

  private static final String PRUNED = "SELECT snapshot::text FROM escala.tail_mark WHERE pruned";

  /** One instance at a time, once a minute. */
  private static final String MARK =
      """
      INSERT INTO escala.tail_mark (taken_at)
      SELECT clock_timestamp()
      WHERE pg_try_advisory_xact_lock(hashtextextended('escala tail', 0))
        AND NOT EXISTS (SELECT FROM escala.tail_mark
                        WHERE taken_at > clock_timestamp() - interval '1 minute'
                          AND pg_snapshot_xmax(snapshot) <= pg_snapshot_xmax(pg_current_snapshot()))
      """;

  /** Of a database that was copied from another cluster, whose transactions are not ours. */
  private static final List<String> FORGET_OTHER_LIFE =
      List.of(
          """
          DELETE FROM escala.tail_mark
          WHERE pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot())
          """,
          "DELETE FROM escala.tail WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())");

  /**
   * The latest mark that is five minutes old is what is not kept. By marks, since a note is as old
   * as its commit, of which nobody knows the time.
   */
  private static final List<String> PRUNE =
      List.of(
          """
          DELETE FROM escala.tail_mark
          WHERE taken_at < (SELECT max(taken_at) FROM escala.tail_mark
                            WHERE taken_at < clock_timestamp() - interval '5 minutes')
          """,
          """
          UPDATE escala.tail_mark SET pruned = true
          WHERE NOT pruned AND taken_at < clock_timestamp() - interval '5 minutes'
          """,
          """
          DELETE FROM escala.tail t USING escala.tail_mark m
          WHERE m.pruned AND pg_visible_in_snapshot(t.xid, m.snapshot)
          """);

  private final Connection connection;

  TailNotes(Connection connection) {
    this.connection = connection;
  }

  /** What the database shows now. */
  Snapshot now() throws SQLException {
    return one("SELECT pg_current_snapshot()::text").orElseThrow();
  }

  /** What was stored in a table behind a position, up to the state that it names or else this. */
  Portion behind(TailPosition from, String schema, String table, Snapshot now) throws SQLException {
    Snapshot named = from.portion();
    Snapshot upTo = named == null ? now : named;
    List<StoredKey> keys = new ArrayList<>();
    long counted = 0;
    try (PreparedStatement statement = connection.prepareStatement(NEW)) {
      statement.setString(1, SqlIdentifier.quote(schema) + "." + SqlIdentifier.quote(table));
      statement.setString(2, from.seen().toString());
      statement.setString(3, from.seen().toString());
      statement.setString(4, upTo.toString());
      statement.setLong(5, from.note());
      statement.setInt(6, PORTION_KEYS);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          add(keys, from, found);
          counted = found.getLong(3);
        }
      }
    }
    boolean isAll = counted < PORTION_KEYS;
    StoredKey last = keys.isEmpty() ? null : keys.getLast();
    TailPosition after =
        isAll || last == null
            ? TailPosition.at(upTo)
            : new TailPosition(from.seen(), upTo, last.note(), last.index());
    return new Portion(from, upTo, keys, after);
  }

  private static void add(List<StoredKey> keys, TailPosition from, ResultSet found)
      throws SQLException {
    long note = found.getLong(1);
    String[] texts = (String[]) found.getArray(2).getArray();
    int first = from.portion() != null && note == from.note() ? from.index() + 1 : 0;
    for (int i = first; i < texts.length; i++) {
      keys.add(new StoredKey(texts[i], note, i));
    }
  }

  /**
   * Whether notes behind a position are not kept any more, or the position is none of this
   * database. To be asked after they were read.
   */
  boolean isLost(TailPosition position, Snapshot now) throws SQLException {
    Snapshot portion = position.portion();
    if (!now.showsAllOf(portion == null ? position.seen() : portion)) {
      return true;
    }
    Optional<Snapshot> pruned = one(PRUNED);
    return pruned.isPresent()
        && now.showsAllOf(pruned.get())
        && !position.seen().showsAllOf(pruned.get());
  }

  private Optional<Snapshot> one(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      return answer.next() ? Snapshot.parse(answer.getString(1)) : Optional.empty();
    }
  }

  /** Lets go what nobody asks for any more, if that is due and nobody else does it. */
  void prune() throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      if (statement.executeUpdate(MARK) > 0) {
        for (String sql : FORGET_OTHER_LIFE) {
          statement.execute(sql);
        }
        for (String sql : PRUNE) {
          statement.execute(sql);
        }
      }
    }
    connection.commit();
  }
}
