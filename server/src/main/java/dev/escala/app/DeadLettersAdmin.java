package dev.escala.app;

import dev.escala.app.LetterFilter.Unreadable;
import dev.escala.http.Denial;
import dev.escala.http.ErrorCode;
import dev.escala.http.Exchange;
import dev.escala.http.Handler;
import dev.escala.http.JsonText;
import dev.escala.http.Problem;
import dev.escala.http.Router;
import dev.escala.ingest.Replay;
import dev.escala.ingest.Replayed;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * On the admin port {@code /dead-letters}: lists, shows, replays and discards rejected messages.
 * All of it is behind the lock, since messages may be confidential.
 */
final class DeadLettersAdmin {
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
  private final UnaryOperator<Handler> lock;
  private final Semaphore free = new Semaphore(AT_ONCE);

  /** The lock stands before all of it. */
  DeadLettersAdmin(
      Configuration configuration,
      Map<String, WritableDatabase> databases,
      Observer observer,
      UnaryOperator<Handler> lock) {
    this.configuration = configuration;
    this.databases = databases;
    this.observer = observer;
    this.lock = lock;
  }

  void register(Router router) {
    on(router, "GET|HEAD", "/dead-letters", this::list);
    on(router, "POST", "/dead-letters/replay", this::replay);
    on(router, "POST", "/dead-letters/discard", this::discard);
    on(router, "GET|HEAD", "/dead-letters/{id}", this::show);
  }

  private interface Work {
    void on(Exchange exchange) throws Unreadable, InterruptedException;
  }

  private void on(Router router, String methods, String path, Work work) {
    router.on(
        methods,
        path,
        lock.apply(
            exchange -> {
              if (exchange.isOfStrangePage()) {
                exchange.problem(
                    Problem.of(ErrorCode.ESC148, "Pages of web sites may not ask for this", null));
              } else if (!exchange.caller().rights().mayAdminister()) {
                Denial.answer(exchange, "work on dead letters");
              } else if (!free.tryAcquire()) {
                exchange.refuse(
                    Problem.of(
                        ErrorCode.ESC005, "Others work on dead letters", "Try again in a second."),
                    1);
              } else {
                exchange.apart("dead letters", () -> answer(exchange, work));
              }
            }));
  }

  private void answer(Exchange exchange, Work work) {
    try {
      work.on(exchange);
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

  private String name(LetterQuery query) throws Unreadable {
    Optional<String> named = query.database();
    if (named.isEmpty() && databases.size() > 1) {
      throw new Unreadable("Which database? One of " + String.join(", ", databases.keySet()));
    }
    String name = named.orElseGet(() -> databases.keySet().iterator().next());
    if (!databases.containsKey(name)) {
      throw new Unreadable("There is no database " + LetterFilter.shown(name));
    }
    return name;
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

  private void list(Exchange exchange) throws Unreadable {
    LetterQuery query = LetterQuery.of(exchange.query(), "after", "limit");
    DeadLetters letters = letters(name(query));
    int limit = (int) query.number("limit", LISTED, 1, MOST_LISTED);
    long after = query.number("after", 0, 0, Long.MAX_VALUE);
    List<DeadLetter> page = letters.list(query.filter(), after, limit + 1);
    boolean more = page.size() > limit;
    List<DeadLetter> shown = more ? page.subList(0, limit) : page;
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("dead_letters", shown.stream().map(LetterText::members).toList());
    members.put("next", more ? shown.getLast().id() : null);
    exchange.json(200, JsonText.of(members));
  }

  private void show(Exchange exchange) throws Unreadable {
    LetterQuery query = LetterQuery.of(exchange.query());
    String id = exchange.path().get(1);
    Optional<DeadLetter.Whole> found =
        id.matches("\\d{1,18}") ? letters(name(query)).find(Long.parseLong(id)) : Optional.empty();
    if (found.isPresent()) {
      exchange.json(200, JsonText.of(LetterText.members(found.get())));
    } else {
      exchange.problem(
          Problem.of(ErrorCode.ESC164, "There is no such dead letter", "GET /dead-letters."));
    }
  }

  /** At most so many in one answer: whoever asks goes on behind {@code next}. */
  private void replay(Exchange exchange) throws Unreadable, InterruptedException {
    LetterQuery query = LetterQuery.of(exchange.query(), "after", "limit", "dry-run");
    String name = name(query);
    Filter filter = query.filter();
    if (filter.status() == null || filter.status() == Status.RESOLVED) {
      throw new Unreadable("status is new or discarded here: what is resolved is stored already");
    }
    long after = query.number("after", 0, 0, Long.MAX_VALUE);
    long most = query.number("limit", REPLAYED, 1, MOST_REPLAYED);
    DeadLetters letters = letters(name);
    long started = System.nanoTime();
    try (Replay replay =
        new ReplayWays(configuration, name, database(name).tables(), observer)
            .replay(letters, query.flag("dry-run"))) {
      Replayed replayed =
          replay.run(
              filter, after, most, done -> System.nanoTime() - started < REPLAYING.toNanos());
      answer(exchange, replayed, remaining(letters, filter, replayed));
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

  private void discard(Exchange exchange) throws Unreadable {
    LetterQuery query = LetterQuery.of(exchange.query(), "all");
    Filter filter = query.filter();
    if (filter.isOpen() && !query.flag("all")) {
      throw new Unreadable("Say which, such as id or topic; or all=true");
    }
    if (filter.status() != Status.NEW) {
      throw new Unreadable("status is new here: no other can be discarded");
    }
    exchange.json(200, JsonText.of(Map.of("discarded", letters(name(query)).discard(filter))));
  }
}
