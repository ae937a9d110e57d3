package dev.escala.ingest;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.store.DeadLetter;
import dev.escala.store.DeadLetters;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.store.Rehearsed;
import dev.escala.store.StoreException;
import dev.escala.store.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters once more, on the way of live messages: the same decoder, the same table, the
 * same keys. What is written is resolved with its row, so that a replay may end anywhere and begin
 * again, and two may run at once.
 */
public final class Replay implements AutoCloseable {
  private static final int ROWS = 500;
  private static final long BYTES = 8 << 20;

  private final DeadLetters letters;
  private final Function<String, Way> ways;
  private final boolean rehearsal;
  private final Map<String, Way> known = new HashMap<>();

  /** Where the dead letters of a topic go. */
  public sealed interface Way {
    /**
     * To the table of the topic.
     *
     * @param opening closed with the replay
     */
    record To(Pipeline pipeline, Opening opening) implements Way {}

    /** Nowhere, for a reason in a few words. */
    record None(String why) implements Way {}
  }

  /** What the sources of a topic would make of a letter now. */
  public interface Opening extends AutoCloseable {
    /** With its body, or with why it has none. */
    Message opened(Message letter);

    /** Most hold nothing. */
    @Override
    default void close() {}
  }

  /**
   * A replay of the letters of one database.
   *
   * @param ways by topic; asked once for each
   * @param rehearsal whether nothing is kept of it
   */
  public Replay(DeadLetters letters, Function<String, Way> ways, boolean rehearsal) {
    this.letters = letters;
    this.ways = ways;
    this.rehearsal = rehearsal;
  }

  /**
   * Writes letters in the order of their ids until all are done, so many are, or the database takes
   * no more.
   *
   * @param after the id behind which to begin
   * @param goesOn is told after each part how many are done, and says whether to go on
   */
  public Replayed run(Filter filter, long after, long most, LongPredicate goesOn)
      throws InterruptedException {
    Counts counts = new Counts(after);
    boolean goOn = true;
    while (goOn && counts.done < most) {
      int rows = (int) Math.min(ROWS, most - counts.done);
      List<DeadLetter.Whole> page;
      try {
        page = letters.messages(filter, counts.after, rows, BYTES);
      } catch (StoreException away) {
        return counts.sum(false, away);
      }
      if (page.isEmpty()) {
        return counts.sum(true, null);
      }
      Optional<StoreException> trouble = write(page, counts);
      if (trouble.isPresent()) {
        return counts.sum(false, trouble.get());
      }
      counts.after = page.getLast().letter().id();
      goOn = goesOn.test(counts.done);
    }
    return counts.sum(false, null);
  }

  /** Each topic for itself; what is written before trouble counts. */
  private Optional<StoreException> write(List<DeadLetter.Whole> page, Counts counts)
      throws InterruptedException {
    Map<String, List<Message>> byTopic = new LinkedHashMap<>();
    for (DeadLetter.Whole letter : page) {
      byTopic
          .computeIfAbsent(letter.letter().topic(), topic -> new ArrayList<>())
          .add(letter.message());
    }
    for (Map.Entry<String, List<Message>> topic : byTopic.entrySet()) {
      Optional<StoreException> trouble =
          switch (known.computeIfAbsent(topic.getKey(), ways)) {
            case Way.None(String why) -> counts.skipped(why, topic.getValue().size());
            case Way.To to -> write(to, topic.getValue(), counts);
          };
      if (trouble.isPresent()) {
        return trouble;
      }
    }
    return Optional.empty();
  }

  /** Opened ones may be larger than letters, so that parts are bounded once more. */
  private Optional<StoreException> write(Way.To to, List<Message> letters, Counts counts)
      throws InterruptedException {
    List<Message> part = new ArrayList<>();
    long bytes = 0;
    for (Message letter : letters) {
      Message opened = to.opening().opened(letter);
      part.add(opened);
      bytes += opened.payload().length();
      if (bytes >= BYTES) {
        Optional<StoreException> trouble = writePart(to, part, counts);
        if (trouble.isPresent()) {
          return trouble;
        }
        part.clear();
        bytes = 0;
      }
    }
    return part.isEmpty() ? Optional.empty() : writePart(to, part, counts);
  }

  private Optional<StoreException> writePart(Way.To to, List<Message> part, Counts counts)
      throws InterruptedException {
    List<Message> sent = List.copyOf(part);
    to.pipeline().lookAgain();
    if (rehearsal) {
      Rehearsed rehearsed = to.pipeline().rehearse(sent);
      return counts.add(rehearsed.outcomes(), rehearsed.failure(), true);
    }
    Written written = to.pipeline().write(sent);
    while (true) {
      Optional<StoreException> trouble = counts.add(written.outcomes(), written.failure(), false);
      Written.Waiting waiting = written.waiting();
      if (trouble.isPresent() || waiting == null) {
        return trouble;
      }
      waiting.await();
      written = waiting.write();
    }
  }

  /** Ends what looks after the tables. */
  @Override
  public void close() {
    known.values().forEach(Replay::stop);
  }

  private static void stop(Way way) {
    if (way instanceof Way.To(var pipeline, var opening)) {
      pipeline.stop();
      opening.close();
    }
  }

  /** What became of letters so far. */
  private static final class Counts {
    private final Map<String, Long> rejected = new LinkedHashMap<>();
    private final Map<String, Long> skipped = new LinkedHashMap<>();
    private long stored;
    private long duplicates;
    private long changes;
    private long done;
    private long after;

    Counts(long after) {
      this.after = after;
    }

    Optional<StoreException> skipped(String why, int letters) {
      skipped.merge(why, (long) letters, Long::sum);
      done += letters;
      return Optional.empty();
    }

    /** Those without an outcome come again, unless this is all that is known of them. */
    Optional<StoreException> add(
        List<@Nullable Outcome> outcomes, @Nullable StoreException failure, boolean last) {
      Outcome.Returned returned = null;
      for (Outcome outcome : outcomes) {
        switch (outcome) {
          case null -> changes += last ? 1 : 0;
          case Outcome.Stored _ -> stored++;
          case Outcome.Duplicate _ -> duplicates++;
          case Outcome.Rejected(var why) -> rejected.merge(why.reason().code(), 1L, Long::sum);
          case Outcome.Returned it -> returned = it;
        }
        boolean comesAgain = outcome == null ? !last : outcome instanceof Outcome.Returned;
        done += comesAgain ? 0 : 1;
      }
      if (failure != null || returned == null) {
        return Optional.ofNullable(failure);
      }
      return Optional.of(
          new StoreException(
              returned.reason(), "", "the table has to change first, and others use it"));
    }

    Replayed sum(boolean ended, @Nullable StoreException trouble) {
      return new Replayed(
          stored,
          duplicates,
          Map.copyOf(rejected),
          changes,
          Map.copyOf(skipped),
          after,
          ended,
          Optional.ofNullable(trouble));
    }
  }
}
