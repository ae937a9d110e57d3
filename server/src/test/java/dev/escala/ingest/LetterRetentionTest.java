package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.config.ConfigurationFile;
import dev.escala.model.OpenLetters;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.store.postgres.LetterSettings;
import dev.escala.store.postgres.LetterUpkeep;
import dev.escala.store.postgres.LetterUpkeep.Expired;
import dev.escala.store.postgres.PostgresStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Dead letters are counted while they are open, and deleted when they were kept long enough. */
@Tag("integration")
class LetterRetentionTest extends LettersRun {
  private static final LetterSettings BOTH =
      new LetterSettings(Duration.ofDays(30), Duration.ofDays(10));

  private final LetterUpkeep upkeep = new PostgresStore(postgres, observer).letters();

  /** So many letters, the columns after their status; migrates before. */
  private void letters(int count, String topic, String reason, String status, String times) {
    upkeep.open();
    database.execute(
        """
        INSERT INTO escala.dead_letter (topic, source, message_id, reason, detail, body, attributes,
          published_at, attempts, status, first_seen, last_seen, resolved_at)
        SELECT '%s', 'http', '%s %s ' || gen_random_uuid(), '%s', '', '', '{}', now(), 1, '%s', %s
        FROM generate_series(1, %d)\
        """
            .formatted(topic, status, reason, reason, status, times, count));
  }

  private static String days(int first, int last, int resolved) {
    return "now() - interval '%d days', now() - interval '%d days', now() - interval '%d days'"
        .formatted(first, last, resolved);
  }

  private List<String> left() {
    return database.rows(
        "SELECT topic || ' ' || status || ' ' || count(*) FROM escala.dead_letter"
            + " GROUP BY topic, status ORDER BY 1");
  }

  @Test
  void whatIsSettledGoesAndWhatIsOpenStaysByDefault() throws ConfigurationException {
    LetterSettings otherwise = settings("");
    letters(1, "old", "field.type", "new", days(4000, 4000, 4000));
    letters(1200, "old", "field.type", "resolved", days(4000, 4000, 91));
    letters(1, "old", "field.type", "discarded", days(4000, 4000, 91));
    letters(1, "young", "field.type", "resolved", days(4000, 4000, 89));
    letters(1, "young", "field.type", "discarded", days(4000, 4000, 89));
    assertThat(upkeep.expire(otherwise)).isEqualTo(new Expired(0, 1201));
    assertThat(left()).containsExactly("old new 1", "young discarded 1", "young resolved 1");
  }

  @Test
  void whatIsOpenGoesWhereAPersonSaysSo() {
    letters(700, "a", "field.type", "new", days(31, 31, 1));
    letters(600, "b", "row.data", "new", days(40, 31, 1));
    letters(1, "seen again", "row.data", "new", days(40, 29, 40));
    letters(1, "young", "row.data", "new", days(29, 29, 40));
    assertThat(upkeep.expire(BOTH)).isEqualTo(new Expired(1300, 0));
    assertThat(left()).containsExactly("seen again new 1", "young new 1");
  }

  @Test
  void nothingGoesWhereAllIsForGood() {
    letters(1, "a", "field.type", "new", days(4000, 4000, 4000));
    letters(1, "a", "field.type", "resolved", days(4000, 4000, 4000));
    assertThat(upkeep.expire(new LetterSettings(Duration.ZERO, Duration.ZERO)).all()).isZero();
    assertThat(left()).containsExactly("a new 1", "a resolved 1");
  }

  /** A letter of the first version, which did not note when. */
  @Test
  void withoutATimeOfItsEndItCountsFromWhenItWasSeen() {
    letters(1, "a", "field.type", "resolved", "now() - interval '99 days', now(), NULL");
    letters(1, "b", "field.type", "resolved", "now(), now() - interval '99 days', NULL");
    assertThat(upkeep.expire(BOTH)).isEqualTo(new Expired(0, 1));
    assertThat(left()).containsExactly("a resolved 1");
  }

  @Test
  void whatIsBeingReplayedStays() throws Exception {
    letters(2, "a", "field.type", "new", days(99, 99, 1));
    try (var other = database.connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM escala.dead_letter ORDER BY id LIMIT 1 FOR UPDATE");
      assertThat(upkeep.expire(BOTH)).isEqualTo(new Expired(1, 0));
      other.rollback();
    }
    assertThat(upkeep.expire(BOTH)).isEqualTo(new Expired(1, 0));
  }

  @Test
  void oneInstanceAtATime() throws Exception {
    letters(1, "a", "field.type", "new", days(99, 99, 1));
    try (var other = database.connect();
        var statement = other.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(hashtextextended('escala dead letters', 0))");
      assertThat(upkeep.expire(BOTH).all()).isZero();
      statement.execute("SELECT pg_advisory_unlock(hashtextextended('escala dead letters', 0))");
    }
    try (PostgresDatabase instance = PostgresDatabase.open(postgres.settings())) {
      var second = new PostgresStore(instance, observer).letters();
      assertThat(second.expire(BOTH).all()).isEqualTo(1);
    }
  }

  @Test
  void openOnesAreCountedByTopicAndReason() {
    assertThat(upkeep.open()).isEmpty();
    letters(3, "a", "field.type", "new", days(9, 1, 1));
    letters(1, "a", "field.type", "new", days(12, 0, 1));
    letters(2, "a", "row.data", "new", days(2, 0, 1));
    letters(OpenLetters.MOST + 5, "b", "field.type", "new", days(3, 0, 1));
    letters(7, "c", "field.type", "resolved", days(99, 0, 1));
    letters(7, "a", "field.type", "discarded", days(99, 0, 1));
    List<OpenLetters> open = upkeep.open();
    assertThat(open.stream().map(it -> it.topic() + " " + it.reason() + " " + it.count()))
        .containsExactly("a field.type 4", "a row.data 2", "b field.type 1000");
    assertThat(open.stream().map(OpenLetters::orMore)).containsExactly(false, false, true);
    assertThat(open.stream().map(it -> Duration.between(it.oldest(), Instant.now()).toDays()))
        .containsExactly(12L, 2L, 3L);
  }

  @Test
  void theyAreFoundByTheirIndexes() {
    letters(20_000, "a", "field.type", "new", days(9, 1, 1));
    letters(20_000, "b", "field.type", "resolved", days(9, 1, 1));
    database.execute("VACUUM ANALYZE escala.dead_letter");
    upkeep.open();
    upkeep.expire(BOTH);
    postgres.close(); // what a session did is counted at its end
    String used =
        "SELECT count(*) FROM pg_stat_user_indexes WHERE idx_scan > 0 AND indexrelname IN"
            + " ('dead_letter_open', 'dead_letter_settled')";
    eventually("neither reads through all letters", () -> database.count(used) == 2);
  }

  @Test
  void lessThanADayIsRefused() {
    assertThatThrownBy(() -> settings("{retain: 30m, retain-settled: 23h}"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("dead-letters.retain: must be at least 1d")
        .hasMessageContaining("dead-letters.retain-settled: must be at least 1d");
  }

  private static LetterSettings settings(String yaml) throws ConfigurationException {
    return ConfigurationFile.read(
        "test.yaml",
        "dead-letters: " + (yaml.isEmpty() ? "{}" : yaml),
        name -> null,
        section -> LetterSettings.read(section.section("dead-letters")));
  }
}
