package dev.escala.app;

import dev.escala.source.sqs.DeadLetterQueue;
import dev.escala.source.sqs.Move;
import dev.escala.source.sqs.RedriveRefused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Shows how far a move is until it is over. */
final class MoveWatch {
  /** SQS tells nothing by itself: it is asked again and again. */
  private static final long LOOK_MILLIS = 500;

  /** SQS may tell of a move a moment after it took it. */
  private static final int LOOKS_IN_VAIN = 20;

  private final DeadLetterQueue queue;
  private final ProgressBar progress;
  private final Optional<Instant> before;

  private MoveWatch(DeadLetterQueue queue, long waiting, Optional<Instant> before) {
    this.queue = queue;
    this.progress = new ProgressBar(System.err, Terminal.standardError(), "redrive", waiting);
    this.before = before;
  }

  /** To be made before the start, so that an earlier move is not taken for the one that starts. */
  static MoveWatch before(DeadLetterQueue queue, long waiting) throws RedriveRefused {
    return new MoveWatch(queue, waiting, queue.moves().stream().findFirst().map(Move::startedAt));
  }

  /** The move when it is over; empty where SQS tells no more of it. */
  Optional<Move> end() throws RedriveRefused, InterruptedException {
    boolean told = false;
    int inVain = 0;
    while (true) {
      Thread.sleep(LOOK_MILLIS);
      List<Move> moves = queue.moves();
      if (!moves.isEmpty() && !before.equals(Optional.of(moves.getFirst().startedAt()))) {
        told = true;
        Move move = moves.getFirst();
        if (!move.isUnderWay()) {
          progress.done(move.moved());
          return Optional.of(move);
        }
        progress.at(move.moved());
      } else if (told || ++inVain >= LOOKS_IN_VAIN) {
        return Optional.empty();
      }
    }
  }
}
