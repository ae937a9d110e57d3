package dev.escala.fleet;

import dev.escala.fleet.Incident.Kind;
import dev.escala.model.DatabaseRole;
import dev.escala.observe.Observation.ApiProbed;
import dev.escala.observe.Observation.CatalogLoaded;
import dev.escala.observe.Observation.DatabaseAnswered;
import dev.escala.observe.Observation.DatabaseUnanswered;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.time.Instant;

/** What a system finds when it looks at its API and its database. */
final class VitalSigns {
  private static final String DATABASE = "main";
  private static final Duration PING = Duration.ofMillis(3);
  private static final Duration PROBE = Duration.ofMillis(5);
  private static final Duration SLOWED = Duration.ofMillis(750);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int RELATIONS = 12;

  private final Instant databaseStarted;
  private final Pace pace;
  private final Observer observer;

  VitalSigns(Instant databaseStarted, Pace pace, Observer observer) {
    this.databaseStarted = databaseStarted;
    this.pace = pace;
    this.observer = observer;
    observer.observed(new CatalogLoaded(DATABASE, RELATIONS, PING));
  }

  void live(Moment moment) {
    if (moment.isEvery(pace.look())) {
      database(moment);
      observer.observed(
          moment.has(Kind.API_DOWN)
              ? new ApiProbed(false, PATIENCE)
              : new ApiProbed(true, moment.around(PROBE)));
    }
  }

  private void database(Moment moment) {
    if (moment.has(Kind.DATABASE_DOWN)) {
      observer.observed(new DatabaseUnanswered(DATABASE, DatabaseRole.WRITER, "no answer"));
      return;
    }
    Duration took = moment.around(PING);
    observer.observed(
        new DatabaseAnswered(
            DATABASE,
            DatabaseRole.WRITER,
            moment.has(Kind.DATABASE_SLOW) ? took.plus(SLOWED) : took,
            databaseStarted,
            false));
  }
}
