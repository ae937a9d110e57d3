package dev.escala.http.connection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How much may be under way, so that what comes last still ends within a time: as much as ended in
 * that time before. Nothing is known of that, and so little is refused, unless there was something
 * to do through all of it; who works without a pause shows how much it can. Of all threads.
 */
public final class Pace {
  /** This part of what may always be under way is little. */
  private static final int LITTLE = 16;

  private final Bounds bounds;
  private final LongSupplier nanoTime;

  // Guarded by this, for a few instructions.
  private final Map<Client, Long> each = new HashMap<>();
  private long underWay;
  private long ended;
  private long sinceNanos;
  private boolean paused = true;
  private long most;

  /**
   * Between which it follows.
   *
   * @param least may always be under way; one thing alone may be larger
   * @param most may be under way while nothing is known
   * @param within the time after which all that is under way should have ended
   */
  public record Bounds(long least, long most, Duration within) {}

  public Pace(Bounds bounds) {
    this(bounds, System::nanoTime);
  }

  Pace(Bounds bounds, LongSupplier nanoTime) {
    this.bounds = bounds;
    this.nanoTime = nanoTime;
    this.most = bounds.most();
    this.sinceNanos = nanoTime.getAsLong();
  }

  /**
   * Whether so much more would end in time. A quarter is left to others than one client, and who
   * has little under way is not refused for what others have.
   */
  public synchronized boolean hasRoom(Client client, long amount) {
    look();
    long ofAll = underWay + amount;
    long ofClient = each.getOrDefault(client, 0L) + amount;
    boolean isLittle = ofClient <= bounds.least() / LITTLE && ofAll <= bounds.most();
    return underWay == 0 || isLittle || (ofAll <= most && ofClient <= most - most / 4);
  }

  /** Begins something, whether there is room or not. */
  public synchronized void begin(Client client, long amount) {
    look();
    underWay += amount;
    each.merge(client, amount, Long::sum);
  }

  /** It ended, well or not. */
  public synchronized void end(Client client, long amount) {
    look();
    underWay -= amount;
    ended += amount;
    paused |= underWay == 0;
    each.computeIfPresent(client, (same, many) -> many == amount ? null : many - amount);
  }

  private void look() {
    long now = nanoTime.getAsLong();
    long elapsed = now - sinceNanos;
    if (elapsed >= bounds.within().toNanos()) {
      long inTime = (long) ((double) ended * bounds.within().toNanos() / elapsed);
      most = paused ? bounds.most() : Math.clamp(inTime, bounds.least(), bounds.most());
      sinceNanos = now;
      ended = 0;
      paused = underWay == 0;
    }
  }
}
