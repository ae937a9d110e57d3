package dev.escala.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.ingest.PipelineRun;
import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.store.MessageWriter;
import dev.escala.testing.Messages;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Markers of the canary travel with the messages, and into a table of their own. */
@Tag("integration")
class MarkerStoreTest extends PipelineRun {
  private static final UUID CANARY = UUID.randomUUID();
  private static final Message BAD = Messages.of("bad", "no json");

  private final MarkerStore markers = new MarkerStore(postgres, Optional.empty());

  private MessageWriter writer(String... lines) {
    return markers.before(pipeline(lines));
  }

  private Marker marker(long seq) {
    return markers.key().sign("flights", CANARY, seq, Instant.now(), "body " + seq);
  }

  private static Message message(Marker marker) {
    return Messages.of("marker-" + marker.seq(), marker.text());
  }

  private List<StoredMarker> stored() {
    return markers.since("flights", CANARY, 1);
  }

  @Test
  void areStoredBesideRowsAndDeadLetters() {
    Marker marker = marker(1);
    List<Outcome> outcomes =
        write(writer("key: $.id"), flight(1), message(marker), BAD, flight(1), message(marker));
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
    assertThat(write(writer(), message(marker(1)))).containsExactly(Outcome.STORED);
    assertThat(database.count("SELECT count(*) FROM pg_tables WHERE tablename = 'flights'"))
        .isZero();
    assertThat(stored()).hasSize(1);
  }

  @Test
  void areStoredWithTheirBatchOrNotAtAll() {
    MessageWriter pipeline = writer("key: $.id");
    assertThat(write(pipeline, flight(1))).containsExactly(Outcome.STORED);
    database.execute("ALTER TABLE escala.dead_letter RENAME TO elsewhere");
    Outcome returned = new Outcome.Returned(ReturnReason.TABLE_MISCONFIGURED);
    assertThat(write(pipeline, flight(2), message(marker(1)), BAD))
        .containsExactly(returned, Outcome.STORED, returned);
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(1);
    database.execute("ALTER TABLE escala.elsewhere RENAME TO dead_letter");
    assertThat(write(pipeline, flight(2), message(marker(1)), BAD))
        .startsWith(Outcome.STORED, Outcome.DUPLICATE);
    assertThat(stored()).hasSize(1);
  }

  @Test
  void areFoundFromANumberOnAndOfTheirOwnCanary() {
    write(writer(), message(marker(1)), message(marker(2)), message(marker(3)));
    assertThat(markers.since("flights", CANARY, 2))
        .extracting(found -> found.marker().seq())
        .containsExactly(2L, 3L);
    assertThat(markers.since("flights", UUID.randomUUID(), 1)).isEmpty();
    assertThat(markers.since("other", CANARY, 1)).isEmpty();
  }

  @Test
  void areDeletedWhenTheyAreOld() {
    write(writer(), message(marker(1)), message(marker(2)));
    database.execute("UPDATE escala.canary SET stored_at = now() - interval '2 h' WHERE seq = 1");
    assertThat(markers.expire(Duration.ofHours(1))).isEqualTo(1);
    assertThat(stored()).extracting(found -> found.marker().seq()).containsExactly(2L);
    assertThat(markers.expire(Duration.ofHours(1))).isZero();
  }

  @Test
  void areDeletedAThousandAtATime() {
    write(writer(), message(marker(1)));
    database.execute(
        """
        INSERT INTO escala.canary (topic, canary, seq, sent_at, body, hash, signature, stored_at)
        SELECT topic, canary, n, sent_at, body, hash, signature, now() - interval '2 h'
        FROM escala.canary, generate_series(2, 1501) n\
        """);
    assertThat(markers.expire(Duration.ofHours(1))).isEqualTo(1000);
    assertThat(markers.expire(Duration.ofHours(1))).isEqualTo(500);
  }

  @Test
  void aKeyIsMadeOnceForAllInstances() {
    Marker marker = marker(1);
    assertThat(new MarkerStore(postgres, Optional.empty()).key().signed(marker)).isTrue();
    assertThat(database.count("SELECT length(key) FROM escala.canary_key")).isEqualTo(32);
  }
}
