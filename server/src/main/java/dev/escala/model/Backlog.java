package dev.escala.model;

import org.jspecify.annotations.Nullable;

/**
 * What an origin keeps of a topic, as far as it says so: SQS only nearly.
 *
 * @param visible messages that wait to be received
 * @param inFlight received by somebody and not settled
 * @param delayed not to be received yet
 * @param deadLetters in the queue to which the origin itself moves what is received too often; null
 *     where there is none
 */
public record Backlog(long visible, long inFlight, long delayed, @Nullable Long deadLetters) {

  /** Both together, for a topic with several origins. */
  public Backlog plus(Backlog other) {
    return new Backlog(
        visible + other.visible,
        inFlight + other.inFlight,
        delayed + other.delayed,
        deadLetters == null
            ? other.deadLetters
            : Long.valueOf(
                deadLetters + (other.deadLetters == null ? 0 : other.deadLetters.longValue())));
  }

  /** Whether nothing of the topic is anywhere at the origin. */
  public boolean isEmpty() {
    return visible == 0 && inFlight == 0 && delayed == 0;
  }
}
