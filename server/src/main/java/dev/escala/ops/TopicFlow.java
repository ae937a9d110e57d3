package dev.escala.ops;

import dev.escala.model.ReasonCode;
import dev.escala.observe.Observation.BatchSettled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What went the way of one topic through this process, minute by minute of the last hour. */
public final class TopicFlow {
  /** Minutes that are kept; the last one is not over. */
  public static final int MINUTES = 60;

  /** They were decoded, and the database refused the row. */
  private static final Set<ReasonCode> OF_DATABASE =
      Set.of(ReasonCode.ROW_CONSTRAINT, ReasonCode.ROW_DATA);

  private final Minutes<Counts> minutes = new Minutes<>(MINUTES, Counts::new);
  private long inFlight;

  /** What became of messages. */
  private static final class Counts {
    private long received;
    private long decoded;
    private long stored;
    private long duplicates;
    private long rejected;
    private long returned;
    private long lagMillis;
    private long longestLagMillis;
  }

  /**
   * Sums of some time.
   *
   * @param decoded what became a row, or would have if the database had taken it
   * @param lag from publishing to the committed row, in the mean of what was stored; zero where
   *     nothing was
   */
  public record Sums(
      long received,
      long decoded,
      long stored,
      long duplicates,
      long rejected,
      long returned,
      Duration lag,
      Duration longestLag) {}

  /** Of the whole hour, and of each of its minutes, the oldest first. */
  public record Hour(Sums all, List<Sums> minutes, long inFlight) {
    public Hour {
      minutes = List.copyOf(minutes);
    }
  }

  synchronized void received(Instant now, int messages) {
    minutes.at(now).received += messages;
    inFlight += messages;
  }

  synchronized void settled(Instant now, BatchSettled batch) {
    Counts counts = minutes.at(now);
    long rejected = sum(batch.rejected());
    long returned = sum(batch.returned());
    long refused =
        OF_DATABASE.stream().mapToLong(why -> batch.rejected().getOrDefault(why, 0)).sum();
    counts.stored += batch.stored();
    counts.duplicates += batch.duplicates();
    counts.rejected += rejected;
    counts.returned += returned;
    counts.decoded += batch.stored() + batch.duplicates() + refused;
    inFlight -= batch.stored() + batch.duplicates() + rejected + returned;
    for (Instant published : batch.publishedAt()) {
      long lag = Math.max(0, Duration.between(published, batch.committedAt()).toMillis());
      counts.lagMillis += lag;
      counts.longestLagMillis = Math.max(counts.longestLagMillis, lag);
    }
  }

  private static long sum(Map<?, Integer> counts) {
    return counts.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** As it is now. */
  public synchronized Hour hour(Instant now) {
    List<Counts> kept = minutes.upTo(now);
    List<Sums> each = new ArrayList<>();
    kept.forEach(minute -> each.add(sums(List.of(minute))));
    return new Hour(sums(kept), each, inFlight);
  }

  private static Sums sums(List<Counts> minutes) {
    Counts all = new Counts();
    for (Counts minute : minutes) {
      all.received += minute.received;
      all.decoded += minute.decoded;
      all.stored += minute.stored;
      all.duplicates += minute.duplicates;
      all.rejected += minute.rejected;
      all.returned += minute.returned;
      all.lagMillis += minute.lagMillis;
      all.longestLagMillis = Math.max(all.longestLagMillis, minute.longestLagMillis);
    }
    return new Sums(
        all.received,
        all.decoded,
        all.stored,
        all.duplicates,
        all.rejected,
        all.returned,
        Duration.ofMillis(all.stored == 0 ? 0 : all.lagMillis / all.stored),
        Duration.ofMillis(all.longestLagMillis));
  }
}
