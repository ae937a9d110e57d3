package dev.escala.store.postgres;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.model.RowTails.Portion;
import dev.escala.model.RowTails.StoredKey;
import dev.escala.model.Snapshot;
import dev.escala.model.TailPosition;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.StoreException;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is new to whom, and what is let go when. */
@Tag("integration")
class TailNotesTest {
  private final Database database = PostgresServer.newDatabase();
  private final PostgresDatabase writes =
      PostgresDatabase.open(PostgresSettings.of(database.url()));
  private Connection connection;
  private TailNotes notes;

  @BeforeEach
  void prepare() throws SQLException {
    eventually("the database is ready, however busy the machine", this::isMigrated);
    database.execute("CREATE TABLE events (_id text PRIMARY KEY)");
    connection = database.connect();
    notes = new TailNotes(connection);
  }

  private boolean isMigrated() {
    try {
      return !writes.migrate().isEmpty();
    } catch (StoreException unavailable) {
      return false;
    }
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    writes.close();
  }

  private static final String NOTE =
      """
      INSERT INTO escala.tail (relation, amount, keys)
      SELECT 'events'::regclass, %1$d, array_agg('%2$s-' || n) FROM generate_series(1, %1$d) n
      """;

  private void note(String name, int keys) {
    database.execute(NOTE.formatted(keys, name));
  }

  /** A minute and more than five later. */
  private void timePasses() {
    database.execute("UPDATE escala.tail_mark SET taken_at = taken_at - interval '6 minutes'");
  }

  private void prune() throws SQLException {
    notes.prune();
    connection.setAutoCommit(true);
  }

  private Portion behind(TailPosition from) throws SQLException {
    return notes.behind(from, "public", "events", notes.now());
  }

  private List<String> all(TailPosition from) throws SQLException {
    List<String> told = new ArrayList<>();
    Portion portion = behind(from);
    while (!portion.keys().isEmpty() || portion.from().portion() != null) {
      told.addAll(portion.keys().stream().map(StoredKey::text).toList());
      portion = behind(portion.after());
    }
    return told;
  }

  private long kept() {
    return database.count("SELECT count(*) FROM escala.tail");
  }

  @Test
  void portionsFollowEachOtherFromAnyKeyOn() throws SQLException {
    TailPosition from = TailPosition.at(notes.now());
    for (int i = 0; i < 35; i++) {
      note("n" + i, 90);
    }
    List<String> all = all(from);
    assertThat(all).hasSize(35 * 90).doesNotHaveDuplicates();
    Portion first = behind(from);
    assertThat(first.keys()).as("a portion").hasSizeBetween(1_000, 1_090);
    note("later", 1);
    for (int i : new int[] {0, 89, 90, 500, first.keys().size() - 1}) {
      TailPosition position = first.behind(first.keys().get(i));
      assertThat(all(TailPosition.parse(position.toString()).orElseThrow()))
          .hasSize(all.size() - i)
          .startsWith(all.get(i + 1))
          .endsWith("later-1");
    }
  }

  /** The one that took its number first commits last. */
  @Test
  void theOrderOfCommitsDoesNotMatter() throws SQLException {
    try (Connection slow = database.connect();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      TailPosition from = TailPosition.at(notes.now());
      statement.execute(NOTE.formatted(1, "slow"));
      note("quick", 1);
      Portion first = behind(from);
      assertThat(first.keys()).extracting(StoredKey::text).containsExactly("quick-1");
      slow.commit();
      assertThat(all(first.after())).containsExactly("slow-1");
    }
  }

  @Test
  void whatIsPrunedIsKnownToBeLost() throws SQLException {
    TailPosition before = TailPosition.at(notes.now());
    note("old", 1);
    prune();
    TailPosition between = TailPosition.at(notes.now());
    note("young", 1);
    timePasses();
    prune();
    assertThat(kept()).isEqualTo(1);
    assertThat(notes.isLost(before, notes.now())).isTrue();
    assertThat(notes.isLost(between, notes.now())).isFalse();
    assertThat(all(between)).containsExactly("young-1");
  }

  @Test
  void nothingIsPrunedForFiveMinutes() throws SQLException {
    TailPosition before = TailPosition.at(notes.now());
    note("old", 1);
    prune();
    prune();
    assertThat(database.count("SELECT count(*) FROM escala.tail_mark")).as("marks").isEqualTo(1);
    assertThat(kept()).isEqualTo(1);
    assertThat(notes.isLost(before, notes.now())).isFalse();
  }

  /** What is not committed at the mark is not pruned by it, however long it takes. */
  @Test
  void aLongTransactionLosesNothing() throws SQLException {
    try (Connection slow = database.connect();
        Statement statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      statement.execute(NOTE.formatted(1, "slow"));
      note("old", 1);
      prune();
      TailPosition between = TailPosition.at(notes.now());
      timePasses();
      prune();
      timePasses();
      slow.commit();
      assertThat(kept()).isEqualTo(1);
      assertThat(notes.isLost(between, notes.now())).isFalse();
      assertThat(all(between)).containsExactly("slow-1");
    }
  }

  /** As in a copy of a database in another cluster, which has begun fewer transactions. */
  @Test
  void numbersOfAnotherClusterAreForgotten() throws SQLException {
    database.execute(
        """
        INSERT INTO escala.tail (relation, xid, amount, keys)
        VALUES ('events'::regclass, '900000000000', 1, ARRAY['foreign']);
        INSERT INTO escala.tail_mark (snapshot, pruned) VALUES ('900000000000:900000000000:', true)
        """);
    TailPosition position = TailPosition.at(notes.now());
    assertThat(notes.isLost(position, notes.now())).isFalse();
    Snapshot ahead = Snapshot.parse("900000000000:900000000000:").orElseThrow();
    assertThat(notes.isLost(TailPosition.at(ahead), notes.now())).isTrue();
    prune();
    assertThat(kept()).isZero();
    assertThat(database.count("SELECT count(*) FROM escala.tail_mark WHERE pruned")).isZero();
  }
}
