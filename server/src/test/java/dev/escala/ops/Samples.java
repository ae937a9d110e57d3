package dev.escala.ops;

import dev.escala.model.Backlog;
import dev.escala.model.DatabaseRole;
import dev.escala.model.LoopState;
import dev.escala.model.Moment;
import dev.escala.model.OpenLetters;
import dev.escala.model.ReasonCode;
import dev.escala.model.RequestTrace;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.observe.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One of each kind of observation. */
final class Samples {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Moment MOMENT = Moment.now();
  private static final Duration TOOK = Duration.ofMillis(7);
  private static final String TOPIC = "departures";
  private static final SourceKind SOURCE = SourceKind.SQS;

  private Samples() {}

  static List<Observation> all() {
    return List.of(
        // The write side
        new Observation.MessagesReceived(SOURCE, TOPIC, 4, 100),
        new Observation.BatchSettled(
            SOURCE,
            TOPIC,
            1,
            1,
            Map.of(ReasonCode.FIELD_TYPE, 1),
            Map.of(ReturnReason.SHUTDOWN, 1),
            100,
            new Observation.Phases(TOOK, TOOK, TOOK),
            List.of(NOW),
            NOW.plus(TOOK)),
        new Observation.IntakePaused(
            SOURCE, TOPIC, ReturnReason.DATABASE_UNAVAILABLE, "08", "away"),
        new Observation.IntakeResumed(SOURCE, TOPIC, TOOK),
        new Observation.BatchBisected(TOPIC, 3),
        new Observation.TableChangeDelayed(TOPIC, "in use"),
        new Observation.TableChangeSettled(TOPIC, TOOK),
        new Observation.TopicClosed("nobody publishes to it"),
        new Observation.TableCreated("db.departures", 3),
        new Observation.ColumnAdded("db.departures", "gate", "text"),
        new Observation.ColumnWidened("db.departures", "gate", "bigint", "text"),
        new Observation.IndexBuilt("db.departures", "departures_id_idx", Duration.ofMillis(7)),
        new Observation.RowsExpired("departures", 5),
        new Observation.PartArchived("departures", 5, 700, "db.departures_p20260901"),
        new Observation.ArchiveCompleted("departures", Instant.EPOCH),
        new Observation.ArchiveFailed("departures", "the bucket does not answer"),
        new Observation.PartitionsMade("db.departures", 4),
        new Observation.PartitionsRefused("db.departures", "it was made without"),
        new Observation.DistributionRefused("db.departures", "it was made without"),
        new Observation.RowsWithoutPartition("departures", 2),
        new Observation.LettersExpired("db", 1, 2),
        new Observation.RollupBuilt("db.departures", "db.hourly", Duration.ofMillis(7)),
        new Observation.RollupRefused("db.departures", "db.daily", "made with other settings"),
        new Observation.IndexRefused("db.departures", "departures_id_gin", "no operator class"),
        new Observation.AcknowledgementFailed(SOURCE, TOPIC, "InternalError", 1),
        new Observation.VisibilityExtended(TOPIC, 1),
        new Observation.SourceFailed(SOURCE, TOPIC, "away"),
        new Observation.SourceRecovered(SOURCE, TOPIC),
        new Observation.QueueRead(TOPIC, "standard"),
        new Observation.QueueDoubted(TOPIC, "it keeps for 1m"),
        new Observation.NotificationRefused(TOPIC, "signature", "it is another"),
        new Observation.SubscriptionConfirmed(
            TOPIC, "arn:aws:sns:eu-west-1:123456789012:departures"),
        new Observation.SubscriptionEnded(TOPIC, "arn:aws:sns:eu-west-1:123456789012:departures"),
        // The read side
        new Observation.RequestServed("/{database}", "GET", 200, TOOK, 10),
        new Observation.RequestRefused("/{database}", "GET", TOOK),
        new Observation.ConnectionCut("connections"),
        new Observation.RequestFailed(
            "/{database}", new IllegalStateException("a bug"), RequestTrace.NONE),
        new Observation.TailOpened("db"),
        new Observation.TailEnded("db"),
        new Observation.CatalogLoaded("db", 1, TOOK),
        new Observation.CatalogFailed("db", "away"),
        new Observation.QueryMisfitted(
            "db", "queries/late.sql:3:8: column \"delay\" does not exist"),
        new Observation.KeysFailed("https://issuer.example/keys", "away"),
        // The vital signs
        new Observation.DatabaseAnswered("db", DatabaseRole.READER, TOOK, NOW, false),
        new Observation.DatabaseLost("db", DatabaseRole.READER, "away"),
        new Observation.DatabaseRegained("db", DatabaseRole.READER, TOOK),
        new Observation.DatabaseRestarted("db", DatabaseRole.WRITER, NOW),
        new Observation.DatabaseRoleChanged("db", DatabaseRole.READER, true),
        new Observation.ReplicaCompared("db", TOOK),
        new Observation.ReplicaBehind("db", TOOK),
        new Observation.ReplicaCaughtUp("db", TOOK),
        new Observation.ReadServersChosen("db", List.of("a:5432"), List.of("b:5432")),
        new Observation.ReadRepeated("db"),
        new Observation.StatementOutlived("db", 7, 1),
        new Observation.StatementEnded("db", 7, 0),
        new Observation.ApiProbed(true, TOOK),
        new Observation.ApiLost("http://localhost", "away"),
        new Observation.ApiRegained("http://localhost", TOOK),
        new Observation.LoopsMeasured(
            NOW, MOMENT, List.of(new LoopState(SOURCE, TOPIC, MOMENT, MOMENT, NOW, NOW))),
        new Observation.RoomMeasured(Map.of("db", 0.5), Map.of("db", 0.25), Map.of(TOPIC, 0.75)),
        new Observation.LagsMeasured(Map.of(TOPIC, 5L)),
        new Observation.BacklogsMeasured(Map.of(TOPIC, new Backlog(1, 2, 3, 4L))),
        new Observation.LettersMeasured(NOW, List.of(new OpenLetters(TOPIC, "field.type", 3, NOW))),
        new Observation.DeadLettersUnknown(TOPIC, "refused"),
        // The canary
        new Observation.CanaryStarted(TOPIC),
        new Observation.CanaryPublished(TOPIC, TOOK),
        new Observation.CanaryPublishFailed(TOPIC, "refused", 1),
        new Observation.CanaryStored(TOPIC, TOOK),
        new Observation.CanaryServed(TOPIC, TOOK, TOOK, NOW),
        new Observation.CanaryLost(TOPIC, 1, TOOK),
        new Observation.CanaryLate(TOPIC, 1, TOOK),
        new Observation.CanaryDuplicated(TOPIC, 1, 1),
        new Observation.CanaryMismatched(TOPIC, 1, "the hash is another"),
        // The process
        new Observation.ServerStarted("1.2.3", 8080, 8081, TOOK),
        new Observation.ServerUnlocked(false),
        new Observation.ServerUnlocked(true),
        new Observation.ServerStopping("asked to"),
        new Observation.ServerStopped(TOOK),
        new Observation.ExportFailed("metrics", "no answer"),
        new Observation.TaskFailed("a task", new IllegalStateException("a bug")),
        // Last, since it takes the latency away
        new Observation.DatabaseUnanswered("other", DatabaseRole.WRITER, "away"));
  }
}
