package dev.escala.ops;

import dev.escala.observe.HealthProbe;
import dev.escala.observe.HealthProbe.Report;
import dev.escala.observe.HealthProbe.Status;
import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The vital signs of the last hour, minute by minute, and how the promises were kept meanwhile; as
 * this process saw it.
 */
public final class HealthHistory implements Observer {
  private static final int MINUTES = 60;

  /** Each topic has a check, and topics may be invented. */
  private static final int MOST_CHECKS = 500;

  private static final List<String> LATENCIES = List.of("latency_ms", "p99_ms", "last_total_ms");

  private final Clock clock;
  private final Instant since;
  private final String tier;
  private final PromisesKept promises;
  private final Map<String, Minutes<Seen>> checks = new TreeMap<>();

  /** Of a system of that tier. */
  public HealthHistory(String tier) {
    this(tier, Clock.systemUTC());
  }

  HealthHistory(String tier, Clock clock) {
    this.clock = clock;
    this.since = clock.instant();
    this.tier = tier;
    this.promises = new PromisesKept(clock, MINUTES);
  }

  /** What was worst in a minute. */
  private static final class Seen {
    private @Nullable Status status;
    private @Nullable Long millis;

    private void add(Status found, @Nullable Long took) {
      status = status == null || found.compareTo(status) > 0 ? found : status;
      millis = millis == null || (took != null && took > millis) ? took : millis;
    }
  }

  @Override
  public void observed(Observation observation) {
    promises.observed(observation);
  }

  /** Looks at all probes once, and keeps what they say. */
  public void look(Supplier<List<HealthProbe>> probes) {
    new Health(probes).check(picture -> note(picture.checks()));
  }

  private synchronized void note(Map<String, Report> found) {
    Instant now = clock.instant();
    checks.values().removeIf(minutes -> minutes.upTo(now).stream().allMatch(m -> m.status == null));
    found.forEach(
        (name, report) -> {
          if (checks.containsKey(name) || checks.size() < MOST_CHECKS) {
            checks
                .computeIfAbsent(name, _ -> new Minutes<>(MINUTES, Seen::new))
                .at(now)
                .add(report.status(), millis(report));
          }
        });
  }

  private static @Nullable Long millis(Report report) {
    return LATENCIES.stream()
        .map(report.details()::get)
        .filter(Number.class::isInstance)
        .map(found -> ((Number) found).longValue())
        .findFirst()
        .orElse(null);
  }

  /** Members of a JSON document: since when, each check by its minutes, each promise. */
  public synchronized Map<String, Object> members() {
    Instant now = clock.instant();
    Map<String, Object> byName = new LinkedHashMap<>();
    checks.forEach((name, minutes) -> byName.put(name, members(minutes.upTo(now))));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("since", since.toString());
    members.put("tier", tier);
    members.put("checks", byName);
    members.put("promises", promises.kept().entrySet().stream().map(this::members).toList());
    return members;
  }

  private static Map<String, Object> members(List<Seen> minutes) {
    List<@Nullable String> statuses = new ArrayList<>();
    List<@Nullable Long> millis = new ArrayList<>();
    for (Seen minute : minutes) {
      Status status = minute.status;
      statuses.add(status == null ? null : status.name().toLowerCase(Locale.ROOT));
      millis.add(minute.millis);
    }
    return Map.of("status_by_minute", statuses, "slowest_ms_by_minute", millis);
  }

  /** A burn of 1 spends the budget in exactly the 30 days that it is for. */
  private Map<String, Object> members(Map.Entry<Promise, PromisesKept.Kept> kept) {
    double target = kept.getKey().target(tier);
    PromisesKept.Kept counts = kept.getValue();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", kept.getKey().label());
    members.put("target", target);
    members.put("events", counts.all());
    members.put("bad", counts.bad());
    if (counts.all() > 0) {
      members.put("burn_rate", (double) counts.bad() / counts.all() / (1 - target));
    }
    return members;
  }
}
