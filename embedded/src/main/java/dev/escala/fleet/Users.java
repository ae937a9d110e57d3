package dev.escala.fleet;

import dev.escala.fleet.Incident.Kind;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.observe.Observer;
import java.time.Duration;

/** Those who ask the API of a system. */
final class Users {
  private static final Duration SLOWED = Duration.ofMillis(750);
  private static final Duration REFUSED = Duration.ofMillis(1);
  private static final double UNKNOWN_ROWS = 0.01;
  private static final double STATEMENTS = 0.1;
  private static final int BYTES = 2_000;

  private final Profile profile;
  private final Observer observer;

  Users(Profile profile, Observer observer) {
    this.profile = profile;
    this.observer = observer;
  }

  void live(Moment moment) {
    if (moment.has(Kind.API_DOWN)) {
      return; // they do not get through
    }
    for (int n = moment.events(profile.requests()); n > 0; n--) {
      ask(moment);
    }
  }

  private void ask(Moment moment) {
    String route =
        moment.random().nextDouble() < STATEMENTS ? "/{database}" : "/{database}/{relation}";
    if (moment.has(Kind.DATABASE_DOWN)) {
      observer.observed(new RequestServed(route, "GET", 503, REFUSED, 200));
      return;
    }
    int status = moment.random().nextDouble() < UNKNOWN_ROWS ? 404 : 200;
    Duration took = moment.around(profile.read());
    observer.observed(
        new RequestServed(
            route,
            "GET",
            status,
            moment.has(Kind.DATABASE_SLOW) ? took.plus(SLOWED) : took,
            moment.random().nextInt(BYTES)));
  }
}
