package dev.escala.ops;

import dev.escala.observe.Observation;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryMismatched;
import dev.escala.observe.Observation.CanaryPublished;
import dev.escala.observe.Observation.CanaryStored;
import dev.escala.observe.Observation.DatabaseAnswered;
import dev.escala.observe.Observation.DatabaseUnanswered;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.observe.Observer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** How the promises were kept by this process in the last hour, event by event. */
final class PromisesKept implements Observer {
  private static final Set<String> NO_SERVICE = Set.of("/ping", "/health");
  private static final String DATA = "/{database";
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATE = Duration.ofMillis(500);
  private static final Duration FRESH = Duration.ofSeconds(30);
  private static final int SERVER_ERROR = 500;

  private final Clock clock;
  private final Minutes<Counts> minutes;

  PromisesKept(Clock clock, int kept) {
    this.clock = clock;
    this.minutes = new Minutes<>(kept, Counts::new);
  }

  /** Events of a minute. */
  private static final class Counts {
    private final Map<Promise, Kept> kept = new EnumMap<>(Promise.class);

    private void add(Promise promise, Kept more) {
      kept.merge(promise, more, Kept::plus);
    }
  }

  /** How many events there were, and how many of them were bad. */
  record Kept(long all, long bad) {
    private static final Kept NONE = new Kept(0, 0);

    private Kept plus(Kept more) {
      return new Kept(all + more.all, bad + more.bad);
    }
  }

  @Override
  public void observed(Observation observation) {
    switch (observation) {
      case RequestServed e -> served(e);
      case BatchSettled e -> settled(e);
      case DatabaseAnswered _ -> count(Promise.DATABASE, 1, 0);
      case DatabaseUnanswered _ -> count(Promise.DATABASE, 1, 1);
      case CanaryPublished _ -> count(Promise.COMPLETENESS, 1, 0);
      case CanaryLost _ -> count(Promise.COMPLETENESS, 0, 1);
      case CanaryStored _ -> count(Promise.CONSISTENCY, 1, 0);
      case CanaryMismatched _ -> count(Promise.CONSISTENCY, 0, 1);
      default -> {
        // of no promise
      }
    }
  }

  private void served(RequestServed e) {
    if (NO_SERVICE.contains(e.route())) {
      return;
    }
    count(Promise.API_AVAILABILITY, 1, e.status() >= SERVER_ERROR ? 1 : 0);
    if (e.method().equals("GET") && e.route().startsWith(DATA)) {
      count(Promise.API_LATENCY_200MS, 1, e.duration().compareTo(SOON) > 0 ? 1 : 0);
      count(Promise.API_LATENCY_500MS, 1, e.duration().compareTo(LATE) > 0 ? 1 : 0);
    }
  }

  private void settled(BatchSettled e) {
    Instant fresh = e.committedAt().minus(FRESH);
    long late = e.publishedAt().stream().filter(published -> published.isBefore(fresh)).count();
    count(Promise.FRESHNESS, e.publishedAt().size(), late);
  }

  private synchronized void count(Promise promise, long all, long bad) {
    minutes.at(clock.instant()).add(promise, new Kept(all, bad));
  }

  /** Of all minutes that are kept. */
  synchronized Map<Promise, Kept> kept() {
    Map<Promise, Kept> sums = new EnumMap<>(Promise.class);
    for (Promise promise : Promise.values()) {
      sums.put(promise, Kept.NONE);
    }
    minutes
        .upTo(clock.instant())
        .forEach(
            minute ->
                minute.kept.forEach((promise, kept) -> sums.merge(promise, kept, Kept::plus)));
    return sums;
  }
}
