package dev.escala.canary;

import dev.escala.observe.HealthProbe;
import dev.escala.observe.Observation.CanaryPublishFailed;
import dev.escala.observe.Observation.CanaryPublished;
import dev.escala.observe.Observation.CanaryStarted;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observer;
import dev.escala.ops.PublicApi;
import dev.escala.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The canary of one topic: publishes a marker every few seconds, looks for it in the database, has
 * the API give it, and compares the latest ones again at each round.
 */
public final class Canary implements HealthProbe {
  /** More under way say nothing that is not known already. */
  private static final int MOST_OPEN = 1_000;

  /** What travels badly: accents, other planes, quotes, controls. */
  private static final String BODY = "Überführung ✈ 𝔼 \"quoted\" \\ \t\u0001 ";

  private final UUID canary = UUID.randomUUID();
  private final Route route;
  private final CanarySettings settings;
  private final Observer observer;
  private final CanaryHealth health;
  private final Series series;
  private final ServedMarkers served;
  private long seq;
  private int failures;

  /**
   * The way of a topic's markers.
   *
   * @param database the name under which the API serves it
   * @param stored the markers in it
   */
  public record Route(
      String topic, String database, CanaryTarget target, MarkerStore stored, PublicApi api) {}

  public Canary(Route route, CanarySettings settings, Observer observer) {
    this.route = route;
    this.settings = settings;
    this.health = new CanaryHealth(route.topic(), settings);
    this.observer = Observer.all(observer, health);
    this.series = new Series(route.topic(), settings, this.observer);
    this.served = new ServedMarkers(route.api(), route.database());
  }

  /** Runs until its thread is interrupted. */
  public void run() throws InterruptedException {
    observer.observed(new CanaryStarted(route.topic()));
    long next = System.nanoTime();
    try (CanaryTarget target = route.target()) {
      while (!Thread.currentThread().isInterrupted()) {
        boolean due = System.nanoTime() - next >= 0;
        next = due ? System.nanoTime() + settings.every().toNanos() : next;
        round(target, due);
        // Neither database nor API tells that a marker has arrived: they are asked, soon at first.
        Thread.sleep(pause(next));
      }
    }
  }

  private void round(CanaryTarget target, boolean due) {
    try {
      if (due) {
        publish(target);
        series.forget(System.nanoTime());
      }
      look(due ? series.first() : series.firstUnderWay(), due);
    } catch (RuntimeException failure) {
      observer.observed(new TaskFailed(name(), failure));
    }
  }

  private void publish(CanaryTarget target) {
    if (series.open() >= MOST_OPEN) {
      return;
    }
    long begun = System.nanoTime();
    try {
      // A number is never used twice: what was refused may have arrived nevertheless.
      Marker marker =
          route
              .stored()
              .key()
              .sign(route.topic(), canary, ++seq, Instant.now(), BODY + UUID.randomUUID());
      target.publish(marker.text());
      long taken = System.nanoTime();
      failures = 0;
      series.published(marker, begun, taken);
      observer.observed(new CanaryPublished(route.topic(), Duration.ofNanos(taken - begun)));
    } catch (CanaryTarget.PublishRefused refused) {
      if (!Thread.currentThread().isInterrupted()) {
        failures++;
        observer.observed(new CanaryPublishFailed(route.topic(), refused.sentence(), failures));
      }
    } catch (StoreException withoutKey) {
      series.unanswered();
    }
  }

  /** Asks the API where it may have something new to give, or all is to be compared. */
  private void look(long from, boolean all) {
    if (from == Long.MAX_VALUE) {
      return;
    }
    try {
      series.found(from, route.stored().since(route.topic(), canary, from), System.nanoTime());
    } catch (StoreException away) {
      series.unanswered();
      return;
    }
    if (all || series.awaitsApi()) {
      read(from);
    }
    series.judge(route.target()::backlog);
  }

  private void read(long from) {
    try {
      series.given(from, served.since(route.topic(), canary, from), System.nanoTime());
    } catch (IOException unanswered) {
      // The probe of the API tells that; here nothing is known until it answers.
    }
  }

  /** Looks often for what was published just now, and seldom for what is late. */
  private Duration pause(long nextNanos) {
    long now = System.nanoTime();
    long untilNext = Math.max(0, nextNanos - now);
    long between =
        series
            .latestUnderWay()
            .map(taken -> Math.clamp((now - taken) / 20, 20_000_000L, 1_000_000_000L))
            .orElse(untilNext);
    return Duration.ofNanos(Math.min(untilNext, between));
  }

  @Override
  public String name() {
    return health.name();
  }

  @Override
  public CompletionStage<Report> check() {
    return health.check();
  }
}
