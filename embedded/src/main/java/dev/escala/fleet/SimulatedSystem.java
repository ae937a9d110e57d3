package dev.escala.fleet;

import dev.escala.fleet.Incident.Kind;
import dev.escala.observe.Observation.ApiProbed;
import dev.escala.ops.MetricsObserver;
import dev.escala.ops.MetricsObserver.RunningBuild;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A system that only reports: what would happen in it is told to the product's own metrics, so that
 * it has exactly the series of the product. It lives on when it is scraped, up to that moment.
 */
final class SimulatedSystem {
  private static final int DAYS_UP_AT_MOST = 40;
  private static final Set<Kind> UNSCRAPED = EnumSet.of(Kind.SILENT, Kind.GONE, Kind.NEVER_STARTED);
  private static final Set<Kind> UNANSWERED =
      EnumSet.of(Kind.API_DOWN, Kind.DATABASE_DOWN, Kind.GONE, Kind.NEVER_STARTED);
  private static final Duration READ = Duration.ofMillis(40);
  private static final Duration SLOWED = Duration.ofMillis(790);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final FleetSystem system;
  private final List<Incident> incidents;
  private final Instant start;
  private final long seed;
  private final MetricsObserver metrics;
  private final Users users;
  private final Topic topic;
  private final VitalSigns vitalSigns;
  private final Markers markers;
  private long ticks;

  /** Begins to live at this time. */
  SimulatedSystem(FleetSystem system, List<Incident> incidents, Instant start, Pace pace) {
    this.system = system;
    this.incidents = List.copyOf(incidents);
    this.start = start;
    this.seed = system.name().hashCode();
    metrics =
        new MetricsObserver(
            system.labels(), new RunningBuild("all", system.version()), Set.of(system.name()));
    users = new Users(system.profile(), metrics);
    topic = new Topic(system.name(), system.profile(), pace, metrics);
    Duration up = Duration.ofDays(1 + Math.floorMod(seed, DAYS_UP_AT_MOST));
    vitalSigns = new VitalSigns(start.minus(up), pace, metrics);
    markers = new Markers(system.name(), pace, metrics);
  }

  FleetSystem system() {
    return system;
  }

  /** What Prometheus gets at this time; nothing where the system is silent. */
  synchronized Optional<MetricsObserver.Scrape> scrape(Instant now, String accept) {
    while (!at(ticks + 1).isAfter(now)) {
      ticks++;
      live();
    }
    return Collections.disjoint(troubles(now), UNSCRAPED)
        ? Optional.of(metrics.scrape(accept))
        : Optional.empty();
  }

  /** What who asks from outside finds at this time; nothing where nobody asks. */
  Optional<ApiProbed> askedFromOutside(Instant now) {
    Set<Kind> troubles = troubles(now);
    if (troubles.contains(Kind.PROBER_GONE)) {
      return Optional.empty();
    }
    boolean answered = Collections.disjoint(troubles, UNANSWERED);
    Duration took = troubles.contains(Kind.DATABASE_SLOW) ? SLOWED : READ;
    return Optional.of(new ApiProbed(answered, answered ? took : PATIENCE));
  }

  private void live() {
    Instant at = at(ticks);
    Moment moment = new Moment(ticks, at, new SplittableRandom(seed * 31 + ticks), troubles(at));
    users.live(moment);
    topic.live(moment);
    vitalSigns.live(moment);
    markers.live(moment);
  }

  private Instant at(long tick) {
    return start.plus(Moment.LENGTH.multipliedBy(tick));
  }

  private Set<Kind> troubles(Instant at) {
    Set<Kind> troubles = EnumSet.noneOf(Kind.class);
    incidents.stream()
        .filter(incident -> !start.plus(incident.after()).isAfter(at))
        .forEach(incident -> troubles.add(incident.kind()));
    return troubles;
  }
}
