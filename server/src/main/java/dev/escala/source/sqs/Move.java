package dev.escala.source.sqs;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.ListMessageMoveTasksResultEntry;

/**
 * Messages on their way out of a dead-letter queue, or a way that ended.
 *
 * @param status running, cancelling, cancelled, completed or failed
 * @param moved how many are moved, about
 * @param all how many there were at its start, about; 0 where SQS does not say
 * @param failure why it failed, a word of SQS; null where it did not
 * @param handle by which it is cancelled; null where it is over
 */
public record Move(
    String status,
    long moved,
    long all,
    Instant startedAt,
    @Nullable String failure,
    @Nullable String handle) {
  private static final Set<String> UNDER_WAY = Set.of("running", "cancelling");

  static Move of(ListMessageMoveTasksResultEntry task) {
    return new Move(
        task.status().toLowerCase(Locale.ROOT),
        orZero(task.approximateNumberOfMessagesMoved()),
        orZero(task.approximateNumberOfMessagesToMove()),
        Instant.ofEpochMilli(orZero(task.startedTimestamp())),
        task.failureReason(),
        task.taskHandle());
  }

  private static long orZero(@Nullable Long number) {
    return number == null ? 0 : number;
  }

  /** Whether it is not over. */
  public boolean isUnderWay() {
    return UNDER_WAY.contains(status);
  }

  public boolean isCompleted() {
    return status.equals("completed");
  }
}
