package dev.escala.source.sqs;

import dev.escala.source.sqs.QueueAttributes.Redrive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What in the attributes of a queue does harm one day, what it means, and what to do. */
final class QueueAdvice {
  /** So few that two restarts move away what is good. */
  private static final int FEW_RECEIPTS = 2;

  private static final Duration SHORT_RETENTION = Duration.ofDays(1);

  private QueueAdvice() {}

  /**
   * A paragraph for each finding; none where all is well.
   *
   * @param longestWrite how long a batch may be gathered and written
   */
  static List<String> of(QueueAttributes queue, Duration longestWrite) {
    List<String> advice = new ArrayList<>();
    receipts(queue.redrive(), advice);
    if (queue.visibility().compareTo(longestWrite) < 0) {
      long enough = longestWrite.plusMillis(999).toSeconds();
      advice.add(
          "Messages are hidden for %s, and a batch may take %s (linger and statement-timeout). They are hidden anew at half of their time, but not by a process that stalls or dies: then they come again while their rows are still being written, and each time counts as one receipt more. Set VisibilityTimeout to %d or more, or a shorter statement-timeout."
              .formatted(
                  QueueAttributes.shown(queue.visibility()),
                  QueueAttributes.shown(Duration.ofSeconds(enough)),
                  enough));
    }
    if (queue.retention().compareTo(SHORT_RETENTION) < 0) {
      advice.add(
          "Messages are kept for %s: what waits longer, such as in an outage of the database, is lost. Set MessageRetentionPeriod to 345600 (4d) or more."
              .formatted(QueueAttributes.shown(queue.retention())));
    }
    return advice;
  }

  private static void receipts(@Nullable Redrive redrive, List<String> advice) {
    if (redrive != null && redrive.maxReceiveCount() <= FEW_RECEIPTS) {
      advice.add(
          "Messages go to %s after %d receipts. A restart or the start of an outage receives good messages in vain, too, so that they are moved away unread. Set maxReceiveCount to 20 or more: what cannot be stored becomes a dead letter in the database by itself."
              .formatted(redrive.queue(), redrive.maxReceiveCount()));
    }
  }
}
