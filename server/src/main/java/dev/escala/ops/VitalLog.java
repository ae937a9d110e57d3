package dev.escala.ops;

import dev.escala.model.DatabaseRole;
import dev.escala.observe.Observation.ApiLost;
import dev.escala.observe.Observation.ApiProbed;
import dev.escala.observe.Observation.ApiRegained;
import dev.escala.observe.Observation.BacklogsMeasured;
import dev.escala.observe.Observation.CanaryDuplicated;
import dev.escala.observe.Observation.CanaryLate;
import dev.escala.observe.Observation.CanaryLost;
import dev.escala.observe.Observation.CanaryMismatched;
import dev.escala.observe.Observation.CanaryPublishFailed;
import dev.escala.observe.Observation.CanaryPublished;
import dev.escala.observe.Observation.CanaryServed;
import dev.escala.observe.Observation.CanarySign;
import dev.escala.observe.Observation.CanaryStarted;
import dev.escala.observe.Observation.CanaryStored;
import dev.escala.observe.Observation.DatabaseAnswered;
import dev.escala.observe.Observation.DatabaseLost;
import dev.escala.observe.Observation.DatabaseRegained;
import dev.escala.observe.Observation.DatabaseRestarted;
import dev.escala.observe.Observation.DatabaseRoleChanged;
import dev.escala.observe.Observation.DatabaseUnanswered;
import dev.escala.observe.Observation.DeadLettersUnknown;
import dev.escala.observe.Observation.LagsMeasured;
import dev.escala.observe.Observation.LettersMeasured;
import dev.escala.observe.Observation.LoopsMeasured;
import dev.escala.observe.Observation.ReadRepeated;
import dev.escala.observe.Observation.ReadServersChosen;
import dev.escala.observe.Observation.ReplicaBehind;
import dev.escala.observe.Observation.ReplicaCaughtUp;
import dev.escala.observe.Observation.ReplicaCompared;
import dev.escala.observe.Observation.RoomMeasured;
import dev.escala.observe.Observation.StatementEnded;
import dev.escala.observe.Observation.StatementOutlived;
import dev.escala.observe.Observation.VitalSign;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Logs vital signs and the canary: changes for people, single looks at level DEBUG. */
final class VitalLog {
  private final BiFunction<Level, String, LoggingEventBuilder> events;

  VitalLog(BiFunction<Level, String, LoggingEventBuilder> events) {
    this.events = events;
  }

  void observed(VitalSign sign) {
    switch (sign) {
      case DatabaseAnswered e ->
          event(Level.DEBUG, "database_answered")
              .log("{} answered in {} ms", name(e.database(), e.role()), e.latency().toMillis());
      case DatabaseUnanswered e ->
          event(Level.DEBUG, "database_unanswered")
              .log("{} does not answer: {}", name(e.database(), e.role()), e.detail());
      case DatabaseLost e ->
          ofDatabase(Level.WARN, "database_lost", e.database())
              .log("{} does not answer: {}", name(e.database(), e.role()), e.detail());
      case DatabaseRegained e ->
          ofDatabase(Level.INFO, "database_regained", e.database())
              .log(
                  "{} answers again, after {} ms",
                  name(e.database(), e.role()),
                  e.away().toMillis());
      case DatabaseRestarted e ->
          ofDatabase(Level.WARN, "database_restarted", e.database())
              .addKeyValue("started_at", e.startedAt())
              .log(
                  "The server of {} is another than before: it started {}",
                  name(e.database(), e.role()),
                  e.startedAt());
      case DatabaseRoleChanged e ->
          ofDatabase(Level.WARN, "database_role_changed", e.database())
              .log(
                  "{} is now answered by a {}",
                  name(e.database(), e.role()),
                  e.inRecovery() ? "replica" : "primary");
      case ReplicaCompared e ->
          event(Level.DEBUG, "replica_compared")
              .log("The replica of {} is {} ms behind at most", e.database(), e.lag().toMillis());
      case ReplicaBehind e ->
          ofDatabase(Level.WARN, "replica_behind", e.database())
              .log(
                  "The replica of {} may be more than {} ms behind: reads are refused",
                  e.database(),
                  e.allowed().toMillis());
      case ReplicaCaughtUp e ->
          ofDatabase(Level.INFO, "replica_caught_up", e.database())
              .log(
                  "The replica of {} is read again, after {} ms",
                  e.database(),
                  e.behindFor().toMillis());
      case ReadServersChosen e ->
          ofDatabase(
                  e.servers().isEmpty() ? Level.WARN : Level.INFO,
                  "read_servers_chosen",
                  e.database())
              .log(
                  "{} is read from {} now, and {} left out",
                  e.database(),
                  listed(e.servers()),
                  listed(e.leftOut()));
      case ReadRepeated e ->
          event(Level.DEBUG, "read_repeated")
              .log(
                  "A read of {} met a conflict, or lost its server, and is repeated", e.database());
      case StatementOutlived e ->
          ofDatabase(Level.WARN, "statement_outlived", e.database())
              .addKeyValue("pid", e.processId())
              .log(
                  "A statement on {} goes on though it was cancelled, in process {} of the"
                      + " database; {} do",
                  e.database(),
                  e.processId(),
                  e.now());
      case StatementEnded e ->
          ofDatabase(Level.INFO, "statement_ended", e.database())
              .addKeyValue("pid", e.processId())
              .log(
                  "The statement in process {} of {} has ended; {} go on",
                  e.processId(),
                  e.database(),
                  e.now());
      case ApiProbed e ->
          event(Level.DEBUG, "api_probed")
              .log(
                  "The API {} after {} ms",
                  e.answered() ? "answered" : "did not answer",
                  e.took().toMillis());
      case ApiLost e ->
          event(Level.WARN, "api_lost").log("{} does not answer: {}", e.url(), e.detail());
      case ApiRegained e ->
          event(Level.INFO, "api_regained")
              .log("{} answers again, after {} ms", e.url(), e.away().toMillis());
      case LoopsMeasured e ->
          event(Level.DEBUG, "loops_measured").log("{} loops measured", e.loops().size());
      case DeadLettersUnknown e ->
          event(Level.WARN, "dead_letters_unknown")
              .addKeyValue("topic", e.topic())
              .log("The dead-letter queue of {} tells nothing: {}", e.topic(), e.detail());
      case LettersMeasured e ->
          event(Level.DEBUG, "dead_letters_measured")
              .log("Dead letters are open of {} topics and reasons", e.open().size());
      case LagsMeasured e ->
          event(Level.DEBUG, "lags_measured").log("Records to read: {}", e.byTopic());
      case RoomMeasured e ->
          event(Level.DEBUG, "room_measured")
              .log("Used of the bounds on tables {}, on columns {}", e.tables(), e.columns());
      case BacklogsMeasured e ->
          event(Level.DEBUG, "backlogs_measured").log("Backlogs: {}", e.byTopic());
    }
  }

  void observed(CanarySign sign) {
    String topic = sign.topic();
    switch (sign) {
      case CanaryStarted _ -> log(Level.DEBUG, "canary_started", topic, "has a canary");
      case CanaryPublished e ->
          log(
              Level.DEBUG,
              "canary_published",
              topic,
              "published in " + e.took().toMillis() + " ms");
      case CanaryPublishFailed e ->
          log(
              e.inARow() == 1 ? Level.WARN : Level.DEBUG,
              "canary_publish_failed",
              topic,
              "not published: " + e.detail());
      case CanaryStored e ->
          log(
              Level.DEBUG,
              "canary_stored",
              topic,
              "stored after " + e.sincePublished().toMillis() + " ms");
      case CanaryServed e ->
          log(Level.DEBUG, "canary_served", topic, "served after " + e.total().toMillis() + " ms");
      case CanaryLost e ->
          log(
              Level.ERROR,
              "canary_lost",
              topic,
              "number %d is lost: not stored after %d s"
                  .formatted(e.seq(), e.waited().toSeconds()));
      case CanaryLate e ->
          log(
              Level.WARN,
              "canary_late",
              topic,
              "number %d was not lost: stored after %d s"
                  .formatted(e.seq(), e.after().toSeconds()));
      case CanaryDuplicated e ->
          log(
              Level.INFO,
              "canary_duplicated",
              topic,
              "number %d came %d times more".formatted(e.seq(), e.times()));
      case CanaryMismatched e ->
          log(
              Level.ERROR,
              "canary_mismatched",
              topic,
              "number %d: %s".formatted(e.seq(), e.detail()));
    }
  }

  private void log(Level level, String name, String topic, String what) {
    event(level, name).addKeyValue("topic", topic).log("Canary of {}: {}", topic, what);
  }

  private static String listed(List<String> servers) {
    return servers.isEmpty() ? "no server" : String.join(", ", servers);
  }

  private static String name(String database, DatabaseRole role) {
    return role == DatabaseRole.READER ? "the reader of " + database : database;
  }

  private LoggingEventBuilder ofDatabase(Level level, String name, String database) {
    return event(level, name).addKeyValue("database", database);
  }

  private LoggingEventBuilder event(Level level, String name) {
    return events.apply(level, name);
  }
}
