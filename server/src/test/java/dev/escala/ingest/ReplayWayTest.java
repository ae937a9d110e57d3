package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.ingest.Replay.Way;
import dev.escala.model.Message;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.store.DeadLetter;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.testing.Messages;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where dead letters go when they are replayed. */
@Tag("integration")
class ReplayWayTest extends PipelineRun {
  private static final Filter NEW = Filter.ALL.withStatus(DeadLetter.Status.NEW);

  @Test
  void aTopicWithoutATableIsSkipped() throws Exception {
    write(pipeline(), Messages.of("a", "no json"), Messages.of("b", "no json"));
    try (Replay replay = new Replay(letters, topic -> new Way.None("none for " + topic), false)) {
      Replayed replayed = replay.run(NEW, 0, Long.MAX_VALUE, done -> true);
      assertThat(replayed.skipped()).isEqualTo(Map.of("none for flights", 2L));
      assertThat(replayed.ended()).isTrue();
    }
    assertThat(database.rows("SELECT attempts, status FROM escala.dead_letter"))
        .containsOnly("1|new");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsNoEnvelopeIsAMessageOnceNobodyExpectsOne(boolean expected) throws Exception {
    Message bare = Messages.of("m", "{\"n\":1}");
    Rejection none = Rejection.of(ReasonCode.ENVELOPE_INVALID, "no envelope");
    Pipeline pipeline = pipeline();
    write(pipeline, new Message("flights", bare.payload(), bare.origin(), none));
    try (Replay replay = new Replay(letters, topic -> new Way.To(pipeline, expected), false)) {
      Replayed replayed = replay.run(NEW, 0, Long.MAX_VALUE, done -> true);
      assertThat(replayed.stored()).isEqualTo(expected ? 0 : 1);
      assertThat(replayed.allRejected()).isEqualTo(expected ? 1 : 0);
    }
  }
}
