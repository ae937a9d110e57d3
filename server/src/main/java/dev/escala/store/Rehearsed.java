package dev.escala.store;

import dev.escala.model.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would become of messages that were written now; nothing of it is kept.
 *
 * @param outcomes one a message, in their order; null where the table would have to change first
 * @param failure why the database would take nothing
 */
public record Rehearsed(List<@Nullable Outcome> outcomes, @Nullable StoreException failure) {
  public Rehearsed {
    outcomes = Collections.unmodifiableList(new ArrayList<>(outcomes));
  }

  /** The database would take none of so many messages. */
  public static Rehearsed failed(int messages, StoreException failure) {
    return new Rehearsed(
        Collections.nCopies(messages, new Outcome.Returned(failure.reason())), failure);
  }
}
