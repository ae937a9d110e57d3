package dev.escala.app;

import dev.escala.source.sqs.DeadLetterQueue;
import dev.escala.source.sqs.Move;
import dev.escala.source.sqs.RedriveRefused;
import dev.escala.source.sqs.SqsSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Dead-letter queues and what is moved out of them, for people.
 *
 * @param text the table; a queue that does not answer has its name alone
 * @param troubles why queues do not answer, and what to do
 */
record RedriveTable(String text, List<String> troubles) {
  private static final String NO_SOURCE = "CouldNotDetermineMessageSource";

  /** Asks each queue. */
  static RedriveTable of(List<SqsSettings> queues) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<String> troubles = new ArrayList<>();
    for (SqsSettings queue : queues) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("topic", queue.topic());
      row.put("queue", queue.name());
      try {
        row.putAll(behind(queue));
      } catch (RedriveRefused refused) {
        troubles.add(String.valueOf(refused.getMessage()));
      }
      rows.add(row);
    }
    return new RedriveTable(TextTable.of(new JsonMapper().valueToTree(rows)), troubles);
  }

  private static Map<String, @Nullable Object> behind(SqsSettings queue) throws RedriveRefused {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    Optional<DeadLetterQueue> behind = DeadLetterQueue.behind(queue);
    if (behind.isEmpty()) {
      row.put("dead_letter_queue", "none (no redrive policy)");
      return row;
    }
    try (DeadLetterQueue dead = behind.get()) {
      row.put("dead_letter_queue", dead.name());
      row.put("after_receipts", dead.maxReceiveCount());
      row.put("waiting", dead.waiting());
      Optional<Move> last = dead.moves().stream().findFirst();
      row.put("last_move", last.map(RedriveTable::brief).orElse(null));
    }
    return row;
  }

  private static String brief(Move move) {
    return move.isUnderWay()
        ? "%s, %,d of %,d".formatted(move.status(), move.moved(), move.all())
        : move.status();
  }

  /** A line for each. */
  static String moves(List<Move> moves) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Move move : moves) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("started_at", move.startedAt().toString());
      row.put("status", move.status());
      row.put("moved", move.moved());
      row.put("of", move.all());
      row.put("failure", move.failure());
      rows.add(row);
    }
    return TextTable.of(new JsonMapper().valueToTree(rows));
  }

  /** Why a move ended early, and what to do. */
  static String ending(Move move, String queue) {
    String moved =
        "%,d messages of %s are moved, the others are still there".formatted(move.moved(), queue);
    String failure = move.failure();
    if (failure == null) {
      return "The move was cancelled: " + moved;
    }
    return NO_SOURCE.equals(failure)
        ? """
        The move failed: %s.
        One was sent there by hand, so that SQS does not know where it came from: --into-queue moves all into the queue that is read.\
        """
            .formatted(moved)
        : "The move failed (%s): %s. When that is mended, start it again."
            .formatted(failure, moved);
  }
}
