package dev.escala.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.ingest.Replay.Way;
import dev.escala.model.Message;
import dev.escala.model.Payload;
import dev.escala.store.DeadLetter;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.testing.Messages;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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

  @Test
  void whatIsOpenedLargerIsWrittenInParts() throws Exception {
    Pipeline pipeline = pipeline("key: $.n");
    write(pipeline, Messages.of("a", "1"), Messages.of("b", "2"), Messages.of("c", "3"));
    try (Replay replay = new Replay(letters, topic -> new Way.To(pipeline, new Grown()), false)) {
      Replayed replayed = replay.run(NEW, 0, Long.MAX_VALUE, done -> true);
      assertThat(replayed.stored()).isEqualTo(3);
    }
    assertThat(database.count("SELECT count(*) FROM flights WHERE length(text) = 5000000"))
        .isEqualTo(3);
    // The first two are more than a part takes.
    assertThat(database.count("SELECT count(DISTINCT _received_at) FROM flights")).isEqualTo(2);
  }

  /** A letter of a digit stands for a message of 5 MB. */
  private static final class Grown implements Replay.Opening {
    @Override
    public Message opened(Message letter) {
      String body =
          "{\"n\":%s,\"text\":\"%s\"}".formatted(letter.payload().text(), "x".repeat(5_000_000));
      return new Message(
          letter.topic(), Payload.utf8(body), letter.origin(), null, letter.deadLetter());
    }

    @Override
    public void close() {}
  }
}
