package dev.escala.store.postgres;

import dev.escala.model.RowTails;
import dev.escala.model.Snapshot;
import dev.escala.model.TailPosition;
import dev.escala.postgres.Connections;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Those who listen to tables of one database. One thread looks for all of them, over one
 * connection, and only while somebody waits: a few times a second, and at once after what this
 * process stored itself. Where nothing was committed that look is all; those who have come equally
 * far share theirs.
 */
final class PostgresTails implements RowTails, AutoCloseable {
  private static final Duration BETWEEN = Duration.ofMillis(250);
  private static final Duration AFTER_COMMIT = Duration.ofMillis(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration BETWEEN_PRUNINGS = Duration.ofMinutes(1);

  private final Connections connections;
  private final BiPredicate<String, String> noted;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();

  // Guarded by the lock.
  private final Set<Waiting> open = new LinkedHashSet<>();
  private boolean running;
  private boolean closed;
  private long dueNanos;
  private long pruningDueNanos = System.nanoTime();

  /** Says of which schema and table the rows are noted. */
  PostgresTails(Connections connections, BiPredicate<String, String> noted) {
    this.connections = connections;
    this.noted = noted;
  }

  @Override
  public boolean has(String schema, String table) {
    return noted.test(schema, table);
  }

  @Override
  public Tail open(String schema, String table, @Nullable TailPosition from, Listener listener) {
    Waiting tail = new Waiting(schema, table, from, listener);
    lock.lock();
    try {
      open.add(tail);
      lookWithin(Duration.ZERO);
      if (!running && !closed) {
        running = true;
        Thread.ofVirtual().name("tails").start(this::run);
      }
    } finally {
      lock.unlock();
    }
    return tail;
  }

  /** Rows may have been stored by this process. */
  void stored() {
    lock.lock();
    try {
      if (!open.isEmpty()) {
        lookWithin(AFTER_COMMIT);
      }
      long now = System.nanoTime();
      if (!closed && now - pruningDueNanos >= 0) {
        pruningDueNanos = now + BETWEEN_PRUNINGS.toNanos();
        Thread.ofVirtual().name("prune notes of tails").start(this::prune);
      }
    } finally {
      lock.unlock();
    }
  }

  private void prune() {
    try {
      var _ =
          connections.lend(
              connection -> {
                new TailNotes(connection).prune();
                return true;
              });
    } catch (SQLException | RuntimeException unreachable) {
      // Writes say so; what is not pruned now is in a minute.
    }
  }

  /** With the lock. */
  private void lookWithin(Duration time) {
    long due = System.nanoTime() + time.toNanos();
    if (due - dueNanos < 0) {
      dueNanos = due;
    }
    woken.signal();
  }

  private void run() {
    for (List<Waiting> due = awaitDue(); !due.isEmpty(); due = awaitDue()) {
      look(due);
    }
  }

  private void look(List<Waiting> due) {
    try {
      var _ = connections.lend(connection -> look(new TailNotes(connection), due));
    } catch (SQLException | RuntimeException unreachable) {
      // Reads and writes say so; who waits goes on when it answers.
      due.forEach(Waiting::unavailable);
      delay();
    }
  }

  private void delay() {
    lock.lock();
    try {
      dueNanos = System.nanoTime() + AFTER_FAILURE.toNanos();
    } finally {
      lock.unlock();
    }
  }

  /** Those who wait, when it is time to look; empty when nobody listens any more. */
  private List<Waiting> awaitDue() {
    lock.lock();
    try {
      while (!closed && !open.isEmpty()) {
        List<Waiting> waiting = open.stream().filter(tail -> tail.waits).toList();
        long left = dueNanos - System.nanoTime();
        if (waiting.isEmpty()) {
          woken.await();
        } else if (left > 0) {
          var _ = woken.awaitNanos(left);
        } else {
          dueNanos = System.nanoTime() + BETWEEN.toNanos();
          return waiting;
        }
      }
      running = false;
      return List.of();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  /** Who has come equally far in a table. */
  private record Place(String schema, String table, @Nullable TailPosition position) {}

  private static boolean look(TailNotes notes, List<Waiting> due) throws SQLException {
    Snapshot now = notes.now();
    Map<Place, List<Waiting>> places = new LinkedHashMap<>();
    for (Waiting tail : due) {
      places
          .computeIfAbsent(
              new Place(tail.schema, tail.table, tail.position), place -> new ArrayList<>())
          .add(tail);
    }
    for (Map.Entry<Place, List<Waiting>> each : places.entrySet()) {
      look(notes, now, each.getKey(), each.getValue());
    }
    return true;
  }

  private static void look(TailNotes notes, Snapshot now, Place place, List<Waiting> who)
      throws SQLException {
    TailPosition end = TailPosition.at(now);
    TailPosition from = place.position() == null ? end : place.position();
    TailPosition first = from;
    while (!from.equals(end)) {
      Portion portion = notes.behind(from, place.schema(), place.table(), now);
      if (notes.isLost(from, now)) {
        who.forEach(Waiting::gone);
        return;
      }
      if (!portion.keys().isEmpty()) {
        who.forEach(tail -> tail.told(first, portion));
        return;
      }
      from = portion.after();
    }
    who.forEach(tail -> tail.moved(end));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /** One who listens. What it is told is told by the thread that looks. */
  private final class Waiting implements Tail {
    private final String schema;
    private final String table;
    private final Listener listener;

    /** Behind which is looked; written by the thread that looks, or while it does not. */
    private volatile @Nullable TailPosition position;

    // Guarded by the lock.
    private boolean waits = true;
    private boolean begun;
    private @Nullable TailPosition told;

    Waiting(String schema, String table, @Nullable TailPosition from, Listener listener) {
      this.schema = schema;
      this.table = table;
      this.position = from;
      this.listener = listener;
    }

    @Override
    public void more() {
      lock.lock();
      try {
        if (told != null) {
          position = told;
          told = null;
        }
        waits = true;
        lookWithin(Duration.ZERO);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public TailPosition position() {
      TailPosition known = position;
      if (known == null) {
        throw new IllegalStateException("it has not begun");
      }
      return known;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        open.remove(this);
        woken.signal();
      } finally {
        lock.unlock();
      }
    }

    /** Whether it is to be told something; if it has not begun, it does first, at this position. */
    private boolean begins(TailPosition at) {
      position = at;
      if (!begun) {
        begun = true;
        waits = false;
        listener.begun(at);
        return false;
      }
      return open.contains(this);
    }

    void moved(TailPosition to) {
      lock.lock();
      try {
        var _ = begins(to);
      } finally {
        lock.unlock();
      }
    }

    void told(TailPosition from, Portion portion) {
      lock.lock();
      try {
        if (begins(from)) {
          waits = false;
          told = portion.after();
          listener.stored(portion);
        }
      } finally {
        lock.unlock();
      }
    }

    void gone() {
      close();
      listener.gone();
    }

    void unavailable() {
      lock.lock();
      try {
        if (!begun) {
          open.remove(this);
          listener.unavailable();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
