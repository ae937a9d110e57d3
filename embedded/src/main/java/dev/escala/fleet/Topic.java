package dev.escala.fleet;

import dev.escala.fleet.Incident.Kind;
import dev.escala.model.Backlog;
import dev.escala.model.LoopState;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation.BacklogsMeasured;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.LoopsMeasured;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.observe.Observation.Phases;
import dev.escala.observe.Observer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The topic of a system, its queue, and the loop that takes from it. */
final class Topic {
  private static final Duration FRESH = Duration.ofMillis(60);
  private static final Duration SLOWED = Duration.ofMillis(750);
  private static final Phases PHASES =
      new Phases(Duration.ofMillis(1), Duration.ofMillis(6), Duration.ofMillis(4));
  private static final double DUPLICATES = 0.005;
  private static final int BYTES = 400;
  private static final int HELD_AT_MOST = 1_000;

  private final String name;
  private final Profile profile;
  private final Pace pace;
  private final Observer observer;
  private long waiting;
  private int held;
  private @Nullable Instant heldSince;

  Topic(String name, Profile profile, Pace pace, Observer observer) {
    this.name = name;
    this.profile = profile;
    this.pace = pace;
    this.observer = observer;
  }

  void live(Moment moment) {
    waiting += moment.events(profile.messages());
    if (moment.has(Kind.DATABASE_DOWN)) {
      pause();
    } else {
      receive(moment);
    }
    if (moment.isEvery(pace.look())) {
      measure(moment);
    }
  }

  private void pause() {
    if (heldSince == null) {
      observer.observed(
          new IntakePaused(
              SourceKind.SQS, name, ReturnReason.DATABASE_UNAVAILABLE, "08", "no answer"));
    }
  }

  private void receive(Moment moment) {
    int received = (int) Math.min(waiting, HELD_AT_MOST - held);
    if (received == 0) {
      return;
    }
    waiting -= received;
    observer.observed(
        new MessagesReceived(SourceKind.SQS, name, received, received * (long) BYTES));
    if (moment.has(Kind.TOPIC_STUCK)) {
      held += received;
      heldSince = heldSince == null ? moment.at() : heldSince;
    } else {
      settle(moment, received);
    }
  }

  private void settle(Moment moment, int messages) {
    List<Instant> publishedAt = new ArrayList<>();
    int duplicates = 0;
    for (int i = 0; i < messages; i++) {
      if (moment.random().nextDouble() < DUPLICATES) {
        duplicates++;
      } else {
        Duration age = moment.around(FRESH);
        publishedAt.add(moment.at().minus(moment.has(Kind.DATABASE_SLOW) ? age.plus(SLOWED) : age));
      }
    }
    observer.observed(
        new BatchSettled(
            SourceKind.SQS,
            name,
            publishedAt.size(),
            duplicates,
            Map.of(),
            Map.of(),
            messages * (long) BYTES,
            PHASES,
            publishedAt,
            moment.at()));
  }

  private void measure(Moment moment) {
    var now = dev.escala.model.Moment.now();
    var since = heldSince == null ? null : now.minus(Duration.between(heldSince, moment.at()));
    LoopState state =
        new LoopState(SourceKind.SQS, name, now, since, heldSince, moment.at().minus(FRESH));
    observer.observed(new LoopsMeasured(moment.at(), now, List.of(state)));
    observer.observed(new BacklogsMeasured(Map.of(name, new Backlog(waiting, held, 0, 0L))));
  }
}
