package dev.escala.source.kafka;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.source.Delivery;
import dev.escala.source.Permits;
import dev.escala.source.Settlement;
import java.util.List;

/** Consecutive messages of one partition. */
final class KafkaDelivery implements Delivery {
  private final Progress progress;
  private final Permits permits;
  private final Contents contents;
  private final Settlement settlement = new Settlement();

  /**
   * What it holds.
   *
   * @param offsets the i-th is that of the i-th message
   * @param bytes of all records
   */
  record Contents(List<Message> messages, List<Long> offsets, long bytes) {}

  /** The permits are acquired already. */
  KafkaDelivery(Progress progress, Permits permits, Contents contents) {
    this.progress = progress;
    this.permits = permits;
    this.contents = contents;
    progress.begin();
  }

  boolean isOf(Progress partition) {
    return progress == partition;
  }

  @Override
  public List<Message> messages() {
    return contents.messages();
  }

  @Override
  public void settle(List<Outcome> outcomes) {
    settlement.begin(contents.messages(), outcomes);
    progress.end(contents.offsets(), outcomes);
    release();
  }

  /** In place of a settlement, by whoever keeps it and nobody else. */
  void giveBack() {
    progress.giveBack(contents.offsets().getFirst());
    release();
  }

  private void release() {
    permits.release(contents.messages().size(), contents.bytes());
  }
}
