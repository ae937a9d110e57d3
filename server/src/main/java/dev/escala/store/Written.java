package dev.escala.store;

import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the messages of one write.
 *
 * @param outcomes one a message, in their order; null where it waits for the table to change
 * @param failure why the database took nothing, where that is why messages were returned
 * @param waiting those without an outcome, if there are any
 * @param decoding the time that was no waiting for the database
 */
public record Written(
    List<@Nullable Outcome> outcomes,
    @Nullable StoreException failure,
    @Nullable Waiting waiting,
    Duration decoding) {

  public Written {
    outcomes = Collections.unmodifiableList(new ArrayList<>(outcomes));
    if (outcomes.contains(null) != (waiting != null)) {
      throw new IllegalArgumentException("a message without an outcome waits");
    }
  }

  /** Messages that wait for their table to change. */
  public interface Waiting {
    /**
     * Returns once the table was changed, or within a bounded time. Takes no memory to speak of.
     */
    void await() throws InterruptedException;

    /**
     * Writes what waited, or gives it back where the table was not changed.
     *
     * @return of the messages that waited alone, in their order; some may wait once more
     */
    Written write();
  }

  /** All that was written has its outcome. */
  public static Written of(List<Outcome> outcomes) {
    return new Written(new ArrayList<>(outcomes), null, null, Duration.ZERO);
  }

  /** The database took none of so many messages. */
  public static Written failed(int messages, StoreException failure) {
    return new Written(returned(messages, failure.reason()), failure, null, Duration.ZERO);
  }

  /** So many messages are given back although the database takes others. */
  public static Written givenBack(int messages, ReturnReason reason) {
    return new Written(returned(messages, reason), null, null, Duration.ZERO);
  }

  private static List<@Nullable Outcome> returned(int messages, ReturnReason reason) {
    return Collections.nCopies(messages, new Outcome.Returned(reason));
  }

  /** The same, of which so much was decoding. */
  public Written decodedIn(Duration time) {
    return new Written(outcomes, failure, waiting, time);
  }
}
