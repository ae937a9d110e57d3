package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.decode.Marker;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.store.Canaries.StoredMarker;
import dev.escala.store.StoreException;
import dev.escala.testing.Messages;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Markers of the canary travel with the messages, and into a table of their own. */
@Tag("integration")
class MarkersInBatchesTest extends PipelineRun {
  private static final UUID CANARY = UUID.randomUUID();
  private static final Message BAD = Messages.of("bad", "no json");

  private Marker marker(long seq) {
    return store.canaries().key().sign("flights", CANARY, seq, Instant.now(), "body " + seq);
  }

  private static Message message(Marker marker) {
    return Messages.of("marker-" + marker.seq(), marker.text());
  }

  private List<StoredMarker> stored() {
    return store.canaries().since("flights", CANARY, 1);
  }

  @Test
  void areStoredBesideRowsAndDeadLetters() {
    Marker marker = marker(1);
    List<Outcome> outcomes =
        write(pipeline("key: $.id"), flight(1), message(marker), BAD, flight(1), message(marker));
    assertThat(outcomes).element(0).isEqualTo(Outcome.STORED);
    assertThat(outcomes).element(1).isEqualTo(Outcome.STORED);
    assertThat(outcomes).element(2).isInstanceOf(Outcome.Rejected.class);
    assertThat(outcomes).element(3).isEqualTo(Outcome.DUPLICATE);
    assertThat(outcomes).element(4).isEqualTo(Outcome.DUPLICATE);
    assertThat(stored()).containsExactly(new StoredMarker(marker, 2));
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(1);
    assertThat(database.count("SELECT count(*) FROM escala.dead_letter")).isEqualTo(1);
  }

  @Test
  void makeNoTable() {
    assertThat(write(pipeline(), message(marker(1)))).containsExactly(Outcome.STORED);
    assertThat(database.count("SELECT count(*) FROM pg_tables WHERE tablename = 'flights'"))
        .isZero();
    assertThat(stored()).hasSize(1);
  }

  @Test
  void areStoredWithTheirBatchOrNotAtAll() {
    Pipeline pipeline = pipeline("key: $.id");
    assertThat(write(pipeline, flight(1))).containsExactly(Outcome.STORED);
    database.execute("ALTER TABLE escala.dead_letter RENAME TO elsewhere");
    assertThatThrownBy(() -> write(pipeline, flight(2), message(marker(1)), BAD))
        .isInstanceOf(StoreException.class);
    assertThat(stored()).isEmpty();
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(1);
    database.execute("ALTER TABLE escala.elsewhere RENAME TO dead_letter");
    assertThat(write(pipeline, flight(2), message(marker(1)), BAD))
        .startsWith(Outcome.STORED, Outcome.STORED);
    assertThat(stored()).hasSize(1);
  }

  @Test
  void areFoundFromANumberOnAndOfTheirOwnCanary() {
    write(pipeline(), message(marker(1)), message(marker(2)), message(marker(3)));
    assertThat(store.canaries().since("flights", CANARY, 2))
        .extracting(found -> found.marker().seq())
        .containsExactly(2L, 3L);
    assertThat(store.canaries().since("flights", UUID.randomUUID(), 1)).isEmpty();
    assertThat(store.canaries().since("other", CANARY, 1)).isEmpty();
  }

  @Test
  void areDeletedWhenTheyAreOld() {
    write(pipeline(), message(marker(1)), message(marker(2)));
    database.execute("UPDATE escala.canary SET stored_at = now() - interval '2 h' WHERE seq = 1");
    assertThat(store.canaries().expire(Duration.ofHours(1))).isEqualTo(1);
    assertThat(stored()).extracting(found -> found.marker().seq()).containsExactly(2L);
    assertThat(store.canaries().expire(Duration.ofHours(1))).isZero();
  }

  @Test
  void areDeletedAThousandAtATime() {
    write(pipeline(), message(marker(1)));
    database.execute(
        """
        INSERT INTO escala.canary (topic, canary, seq, sent_at, body, hash, signature, stored_at)
        SELECT topic, canary, n, sent_at, body, hash, signature, now() - interval '2 h'
        FROM escala.canary, generate_series(2, 1501) n\
        """);
    assertThat(store.canaries().expire(Duration.ofHours(1))).isEqualTo(1000);
    assertThat(store.canaries().expire(Duration.ofHours(1))).isEqualTo(500);
  }

  @Test
  void aKeyIsMadeOnceForAllInstances() {
    Marker marker = marker(1);
    try (var other =
        dev.escala.store.postgres.PostgresStore.open(
            dev.escala.store.postgres.StoreSettings.of(database.url()), observer)) {
      assertThat(other.canaries().key().signed(marker)).isTrue();
    }
    assertThat(database.count("SELECT length(key) FROM escala.canary_key")).isEqualTo(32);
  }
}
