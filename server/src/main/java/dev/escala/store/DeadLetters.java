package dev.escala.store;

import dev.escala.store.DeadLetter.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one database, to work on. Each call may throw a {@link StoreException}, where
 * the database does not answer.
 */
public interface DeadLetters {

  /** The first letters behind that id, in the order of ids. */
  List<DeadLetter> list(Filter filter, long after, int most);

  Optional<DeadLetter.Whole> find(long id);

  /**
   * The first letters behind that id with their messages, in the order of ids: at most so many, and
   * no more bytes of bodies than that, but at least one.
   */
  List<DeadLetter.Whole> messages(Filter filter, long after, int most, long bytes);

  /** How many there are behind that id. */
  long count(Filter filter, long after);

  /** The id of the last letter of all; those that come later have greater ones. */
  long last();

  /**
   * The first of them that are new are not wanted any more, at most so many; says how many there
   * were.
   */
  long discard(Filter filter, long most);

  /**
   * Which letters; null stands for any.
   *
   * @param since it was seen then or later
   * @param until it was seen before
   * @param upTo the greatest id
   */
  record Filter(
      @Nullable Long id,
      @Nullable String topic,
      @Nullable String reason,
      @Nullable Status status,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable Long upTo) {
    /** All of them. */
    public static final Filter ALL = new Filter(null, null, null, null, null, null, null);

    /** Whether it says nothing about which letters, but for how they stand. */
    public boolean isOpen() {
      return id == null && topic == null && reason == null && since == null && until == null;
    }

    public Filter withId(long one) {
      return new Filter(one, topic, reason, status, since, until, upTo);
    }

    public Filter withStatus(Status other) {
      return new Filter(id, topic, reason, other, since, until, upTo);
    }

    public Filter withUpTo(long last) {
      return new Filter(id, topic, reason, status, since, until, last);
    }
  }
}
