package dev.escala.app;

import dev.escala.app.LetterFilter.Unreadable;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.ingest.Replay;
import dev.escala.ingest.Replayed;
import dev.escala.model.Payload;
import dev.escala.observe.Observer;
import dev.escala.store.DeadLetter;
import dev.escala.store.DeadLetter.Status;
import dev.escala.store.DeadLetters;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.store.StoreException;
import dev.escala.store.postgres.PostgresDeadLetters;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Answers what is asked about dead letters: lists, shows, replays, corrects and discards them. */
final class LetterDesk {
  private static final int LISTED = 100;
  private static final int MOST_LISTED = 1000;
  private static final int REPLAYED = 1000;
  private static final int MOST_REPLAYED = 10_000;

  /** An answer has to begin before the connection is idle for too long. */
  private static final Duration REPLAYING = Duration.ofSeconds(30);

  /** Requests that are worked on at once; each has a connection that rows are written with. */
  private static final int AT_ONCE = 2;

  private final Configuration configuration;
  private final Map<String, WritableDatabase> databases;
  private final Observer observer;
  private final Semaphore free = new Semaphore(AT_ONCE);

  LetterDesk(
      Configuration configuration, Map<String, WritableDatabase> databases, Observer observer) {
    this.configuration = configuration;
    this.databases = databases;
    this.observer = observer;
  }

  /**
   * A request.
   *
   * @param topic of which letters alone it is; null where its query says which
   */
  record Asked(Exchange exchange, @Nullable String topic) {
    private LetterQuery query(String... more) throws Unreadable {
      return topic == null
          ? LetterQuery.of(exchange.query(), more)
          : LetterQuery.ofTopic(topic, exchange.query(), more);
    }
  }

  /** One of the answers below. */
  interface Work {
    void on(Asked asked) throws Unreadable, InterruptedException;
  }

  /** Answers off the event loop, two at once. */
  void answer(Asked asked, Work work) {
    if (!free.tryAcquire()) {
      asked
          .exchange()
          .refuse(
              Problem.of(ErrorCode.ESC005, "Others work on dead letters", "Try again in a second."),
              1);
      return;
    }
    asked.exchange().apart("dead letters", () -> answerNow(asked, work));
  }

  private void answerNow(Asked asked, Work work) {
    Exchange exchange = asked.exchange();
    try {
      work.on(asked);
    } catch (Unreadable unreadable) {
      exchange.problem(
          Problem.of(
              ErrorCode.ESC163,
              String.valueOf(unreadable.getMessage()),
              "docs/dead-letters.md has all parameters."));
    } catch (StoreException away) {
      exchange.problem(
          Problem.of(ErrorCode.ESC001, "The database does not answer", "Try again in a second."),
          1);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      free.release();
    }
  }

  private String name(Asked asked, LetterQuery query) throws Unreadable {
    Optional<String> named = query.database().or(() -> ofTable(asked.topic()));
    if (named.isEmpty() && databases.size() > 1) {
      throw new Unreadable("Which database? One of " + String.join(", ", databases.keySet()));
    }
    String name = named.orElseGet(() -> databases.keySet().iterator().next());
    if (!databases.containsKey(name)) {
      throw new Unreadable("There is no database " + LetterFilter.shown(name));
    }
    return name;
  }

  /** Where the rows of a topic are, its letters are too. */
  private Optional<String> ofTable(@Nullable String topic) {
    return topic == null || !TopicName.isValid(topic)
        ? Optional.empty()
        : configuration.rows(topic).map(rows -> rows.table().database());
  }

  private WritableDatabase database(String name) {
    WritableDatabase database = databases.get(name);
    if (database == null) {
      throw new IllegalStateException("no database " + name);
    }
    return database;
  }

  private DeadLetters letters(String name) {
    return new PostgresDeadLetters(database(name).database());
  }

  /** The oldest first, without bodies. */
  void list(Asked asked) throws Unreadable {
    LetterQuery query = asked.query("after", "limit");
    DeadLetters letters = letters(name(asked, query));
    int limit = (int) query.number("limit", LISTED, 1, MOST_LISTED);
    long after = query.number("after", 0, 0, Long.MAX_VALUE);
    List<DeadLetter> page = letters.list(query.filter(), after, limit + 1);
    boolean more = page.size() > limit;
    List<DeadLetter> shown = more ? page.subList(0, limit) : page;
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("dead_letters", shown.stream().map(LetterText::members).toList());
    members.put("next", more ? shown.getLast().id() : null);
    asked.exchange().json(200, JsonText.of(members));
  }

  /** One with its message. */
  void show(Asked asked, String id) throws Unreadable {
    LetterQuery query = asked.query();
    Optional<DeadLetter.Whole> found = find(asked, letters(name(asked, query)), id);
    if (found.isPresent()) {
      asked.exchange().json(200, JsonText.of(LetterText.members(found.get())));
    } else {
      notThere(asked);
    }
  }

  private static Optional<DeadLetter.Whole> find(Asked asked, DeadLetters letters, String id) {
    return (id.matches("\\d{1,18}")
            ? letters.find(Long.parseLong(id))
            : Optional.<DeadLetter.Whole>empty())
        .filter(found -> asked.topic() == null || asked.topic().equals(found.letter().topic()));
  }

  private static void notThere(Asked asked) {
    asked
        .exchange()
        .problem(
            Problem.of(
                ErrorCode.ESC164, "There is no such dead letter", "The list has those there are."));
  }

  /** At most so many in one answer: whoever asks goes on behind {@code next}. */
  void replay(Asked asked) throws Unreadable, InterruptedException {
    LetterQuery query = asked.query("after", "limit", "dry-run");
    String name = name(asked, query);
    Filter filter = replayable(query);
    long after = query.number("after", 0, 0, Long.MAX_VALUE);
    long most = query.number("limit", REPLAYED, 1, MOST_REPLAYED);
    DeadLetters letters = letters(name);
    long started = System.nanoTime();
    try (Replay replay = ways(name).replay(letters, query.flag("dry-run"))) {
      Replayed replayed =
          replay.run(
              filter, after, most, done -> System.nanoTime() - started < REPLAYING.toNanos());
      answer(asked.exchange(), replayed, remaining(letters, filter, replayed));
    }
  }

  private static Filter replayable(LetterQuery query) throws Unreadable {
    Filter filter = query.filter();
    if (filter.status() == null || filter.status() == Status.RESOLVED) {
      throw new Unreadable("status is new or discarded here: what is resolved is stored already");
    }
    return filter;
  }

  private ReplayWays ways(String database) {
    return new ReplayWays(configuration, database, database(database).tables(), observer);
  }

  /** Replays one with another body in place of its own, which is kept. */
  void correct(Asked asked, String id, byte[] body) throws Unreadable, InterruptedException {
    LetterQuery query = asked.query("dry-run");
    String name = name(asked, query);
    DeadLetters letters = letters(name);
    Optional<DeadLetter.Whole> found = find(asked, letters, id);
    if (found.isEmpty()) {
      notThere(asked);
      return;
    }
    Filter filter = replayable(query).withId(found.get().letter().id());
    try (Replay replay = ways(name).correction(letters, Payload.of(body), query.flag("dry-run"))) {
      answer(asked.exchange(), replay.run(filter, 0, 1, _ -> false), 0L);
    }
  }

  /** What was done is told also where the database went away over it. */
  private static @Nullable Long remaining(DeadLetters letters, Filter filter, Replayed replayed) {
    try {
      return letters.count(filter, replayed.after());
    } catch (StoreException away) {
      if (replayed.trouble().isEmpty()) {
        throw away;
      }
      return null;
    }
  }

  private static void answer(Exchange exchange, Replayed replayed, @Nullable Long remaining) {
    Map<String, @Nullable Object> members = LetterText.members(replayed);
    members.put(
        "next",
        replayed.ended() || (remaining != null && remaining == 0) ? null : replayed.after());
    members.put("remaining", remaining);
    if (replayed.trouble().isEmpty()) {
      exchange.json(200, JsonText.of(members));
      return;
    }
    exchange.problem(
        Problem.of(
                ErrorCode.ESC165,
                "The replay stopped: the database takes no more",
                "Nothing is lost, and what is resolved stays so; ask again when that is mended.")
            .with(Map.copyOf(withoutNulls(members))),
        1);
  }

  private static Map<String, Object> withoutNulls(Map<String, @Nullable Object> members) {
    Map<String, Object> present = new LinkedHashMap<>();
    members.forEach(
        (name, value) -> {
          if (value != null) {
            present.put(name, value);
          }
        });
    return present;
  }

  /** Marks those that nobody wants any more, the oldest first. */
  void discard(Asked asked) throws Unreadable {
    LetterQuery query = asked.query("all", "limit");
    Filter filter = query.filter();
    if (filter.isOpen() && !query.flag("all")) {
      throw new Unreadable("Say which, such as id or topic; or all=true");
    }
    if (filter.status() != Status.NEW) {
      throw new Unreadable("status is new here: no other can be discarded");
    }
    long most = query.number("limit", Long.MAX_VALUE, 1, Long.MAX_VALUE);
    DeadLetters letters = letters(name(asked, query));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("discarded", letters.discard(filter, most));
    members.put("remaining", letters.count(filter, 0));
    asked.exchange().json(200, JsonText.of(members));
  }
}
