package dev.escala.store.postgres;

import dev.escala.postgres.Connections;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Forgets deletions of which nothing earlier can come any more. */
final class Tombstones {
  /** No queue keeps a message for longer than 14 days; dead letters are replayed within days. */
  private static final Duration KEPT = Duration.ofDays(30);

  private static final Duration BETWEEN = Duration.ofHours(1);

  private final Connections connections;
  private final AtomicLong dueNanos = new AtomicLong(System.nanoTime());

  Tombstones(Connections connections) {
    this.connections = connections;
  }

  /** Messages were written, and may have deleted rows. */
  void written() {
    long now = System.nanoTime();
    long due = dueNanos.get();
    if (now - due >= 0 && dueNanos.compareAndSet(due, now + BETWEEN.toNanos())) {
      Thread.ofVirtual().name("prune tombstones").start(this::prune);
    }
  }

  private void prune() {
    try {
      var _ =
          connections.lend(
              connection -> {
                try (Statement statement = connection.createStatement()) {
                  return statement.executeUpdate(
                      """
                      DELETE FROM escala.tombstone
                      WHERE noted_at < now() - interval '%d days'
                        OR relation NOT IN (SELECT oid FROM pg_class)\
                      """
                          .formatted(KEPT.toDays()));
                }
              });
    } catch (SQLException | RuntimeException away) {
      // Writes say so; what is not forgotten now is in an hour.
    }
  }
}
