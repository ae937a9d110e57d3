package dev.escala.fleet;

import dev.escala.fleet.Incident.Kind;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryPublished;
import dev.escala.observe.Observation.CanaryServed;
import dev.escala.observe.Observation.CanaryStarted;
import dev.escala.observe.Observation.CanaryStored;
import dev.escala.observe.Observer;
import java.time.Duration;

/** The canary of a system's topic. */
final class Markers {
  private static final Duration PUBLISH = Duration.ofMillis(15);
  private static final Duration STORE = Duration.ofMillis(80);
  private static final Duration SERVE = Duration.ofMillis(10);
  private static final Duration GIVEN_UP = Duration.ofSeconds(60);

  private final String topic;
  private final Pace pace;
  private final Observer observer;
  private long seq;

  Markers(String topic, Pace pace, Observer observer) {
    this.topic = topic;
    this.pace = pace;
    this.observer = observer;
    observer.observed(new CanaryStarted(topic));
  }

  void live(Moment moment) {
    if (!moment.isEvery(pace.canary())) {
      return;
    }
    seq++;
    observer.observed(new CanaryPublished(topic, moment.around(PUBLISH)));
    if (moment.has(Kind.DATABASE_DOWN) || moment.has(Kind.TOPIC_STUCK)) {
      return; // it waits as all others do
    }
    if (moment.has(Kind.MESSAGES_LOST) && seq % 2 == 0) {
      observer.observed(new CanaryLost(topic, seq, GIVEN_UP));
      return;
    }
    Duration store = moment.around(STORE);
    observer.observed(new CanaryStored(topic, store));
    if (!moment.has(Kind.API_DOWN)) {
      Duration serve = moment.around(SERVE);
      observer.observed(new CanaryServed(topic, serve, store.plus(serve), moment.at()));
    }
  }
}
