package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.LettersExpired;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.postgres.LetterSettings;
import dev.escala.store.postgres.PostgresStore;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code /health} and the log tell of the dead letters of a database. */
@Tag("integration")
class LetterWatchTest {
  private final PostgresServer.Database database = PostgresServer.newDatabase();
  private final RecordingObserver observer = new RecordingObserver();

  private void letters(int count, String status, int daysAgo) {
    database.execute(
        """
        INSERT INTO escala.dead_letter (topic, source, message_id, reason, detail, body, attributes,
          published_at, attempts, status, first_seen, last_seen, resolved_at)
        SELECT 't', 'http', gen_random_uuid(), 'field.type', '', '', '{}', now(), 1, '%s', t, t, t
        FROM (SELECT now() - interval '%d days' AS t) AS times, generate_series(1, %d)\
        """
            .formatted(status, daysAgo, count));
  }

  private static HealthProbe.Report report(LetterWatch watch) {
    return watch.check().toCompletableFuture().join();
  }

  @Test
  void saysHowManyAreOpenAndSinceWhen() {
    LetterSettings settings = new LetterSettings(Duration.ofDays(20), Duration.ofDays(20));
    try (PostgresDatabase postgres = PostgresDatabase.open(PostgresSettings.of(database.url()));
        PostgresStore store = new PostgresStore(postgres, observer)) {
      LetterWatch watch = new LetterWatch("db", store.letters(), settings, observer);
      assertThat(report(watch).details()).as("not known yet").isEmpty();
      assertThat(watch.measure()).isEmpty();
      assertThat(report(watch).details()).containsOnlyKeys("open").containsEntry("open", 0L);
      letters(3, "new", 25);
      letters(2, "new", 3);
      letters(4, "resolved", 25);
      assertThat(watch.measure()).hasSize(1);
      assertThat(report(watch).status()).isEqualTo(HealthProbe.Status.OK);
      assertThat(report(watch).details()).containsEntry("open", 5L).doesNotContainKey("or_more");
      assertThat(report(watch).details().get("oldest_seconds"))
          .asInstanceOf(InstanceOfAssertFactories.DOUBLE)
          .isBetween(86_400 * 25.0, 86_400 * 25.5);
      watch.expire();
      watch.expire();
      assertThat(observer.all(LettersExpired.class))
          .containsExactly(new LettersExpired("db", 3, 4));
      watch.measure();
      assertThat(report(watch).details()).containsEntry("open", 2L);
    }
  }

  @Test
  void whatIsNotKnownAnyMoreIsNotSaid() {
    PostgresDatabase postgres = PostgresDatabase.open(PostgresSettings.of(database.url()));
    PostgresStore store = new PostgresStore(postgres, observer);
    LetterSettings settings = new LetterSettings(Duration.ZERO, Duration.ofDays(20));
    LetterWatch watch = new LetterWatch("db", store.letters(), settings, observer);
    watch.measure();
    store.close();
    postgres.close();
    assertThat(watch.measure()).isEmpty();
    watch.expire();
    assertThat(report(watch).details()).isEmpty();
    assertThat(observer.all(LettersExpired.class)).isEmpty();
  }
}
