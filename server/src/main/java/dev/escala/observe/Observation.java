package dev.escala.observe;

import dev.escala.model.Backlog;
import dev.escala.model.DatabaseRole;
import dev.escala.model.LoopState;
import dev.escala.model.Moment;
import dev.escala.model.OpenLetters;
import dev.escala.model.ReasonCode;
import dev.escala.model.RequestTrace;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Something that happened: a noun and a past verb. Interpreted by the package {@code ops} alone.
 */
public sealed interface Observation {

  // The write side

  /** A source handed messages to the loop, which reports it; they are in flight from now on. */
  record MessagesReceived(SourceKind source, String topic, int messages, long bytes)
      implements Observation {}

  /**
   * A batch was settled: {@code stored + duplicates + rejected + returned} messages are no longer
   * in flight.
   *
   * @param rejected how many, by reason
   * @param returned how many, by reason
   * @param publishedAt of each message that was stored
   * @param committedAt when the rows became visible
   */
  record BatchSettled(
      SourceKind source,
      String topic,
      int stored,
      int duplicates,
      Map<ReasonCode, Integer> rejected,
      Map<ReturnReason, Integer> returned,
      long bytes,
      Phases phases,
      List<Instant> publishedAt,
      Instant committedAt)
      implements Observation {}

  /** How long a batch took, by phase. */
  record Phases(Duration decode, Duration write, Duration settle) {}

  /** Intake of a topic stopped because its rows cannot be stored now; it is tried again. */
  record IntakePaused(
      SourceKind source, String topic, ReturnReason reason, String sqlStateClass, String detail)
      implements Observation {}

  record IntakeResumed(SourceKind source, String topic, Duration pausedFor)
      implements Observation {}

  /** The database refused a row, and so many extra statements were needed to find the bad ones. */
  record BatchBisected(String topic, int statements) implements Observation {}

  /** A table has to change, and others use it; it is tried again, and all that fits is stored. */
  record TableChangeDelayed(String topic, String detail) implements Observation {}

  /** What was delayed is over, whether the table could be changed or not. */
  record TableChangeSettled(String topic, Duration after) implements Observation {}

  /**
   * A topic that no configuration names was closed: nobody published to it, or a person said so.
   */
  record TopicClosed(String topic) implements Observation {}

  record TableCreated(String table, int columns) implements Observation {}

  record ColumnAdded(String table, String column, String type) implements Observation {}

  record ColumnWidened(String table, String column, String from, String to)
      implements Observation {}

  record IndexBuilt(String table, String index, Duration took) implements Observation {}

  /** An index that the configuration asks for cannot be built; everything goes on without it. */
  record IndexRefused(String table, String index, String detail) implements Observation {}

  /** Rows were deleted that were older than their topic retains them. */
  record RowsExpired(String topic, long rows) implements Observation {}

  /** The table of a topic has partitions that it did not have. */
  record PartitionsMade(String table, int partitions) implements Observation {}

  /** A partition's file of so many bytes was read back, and is in the archive of its topic. */
  record PartArchived(String topic, long rows, long bytes, String part) implements Observation {}

  /** All that was due for the archive of a topic is in it, or nothing was. */
  record ArchiveCompleted(String topic, Instant at) implements Observation {}

  /** A partition could not be archived; it stays, and is tried again. */
  record ArchiveFailed(String topic, String detail) implements Observation {}

  /** A table is not kept in partitions as it is configured. */
  record PartitionsRefused(String table, String detail) implements Observation {}

  /** A table is not distributed as it is configured. */
  record DistributionRefused(String table, String detail) implements Observation {}

  /** How many rows of a partitioned table stand in no partition of their own, as far as counted. */
  record RowsWithoutPartition(String topic, long rows) implements Observation {}

  /** Dead letters were deleted that were older than their database keeps them. */
  record LettersExpired(String database, long open, long settled) implements Observation {}

  record RollupBuilt(String table, String rollup, Duration took) implements Observation {}

  /** A rollup does not count what is stored, or not all of it, until a person does something. */
  record RollupRefused(String table, String rollup, String detail) implements Observation {}

  /** The origin did not take an acknowledgement; the messages come again, as duplicates. */
  record AcknowledgementFailed(SourceKind source, String topic, String code, int messages)
      implements Observation {}

  record VisibilityExtended(String topic, int messages) implements Observation {}

  /** The origin could not be read; it is tried again. */
  record SourceFailed(SourceKind source, String topic, String detail) implements Observation {}

  record SourceRecovered(SourceKind source, String topic) implements Observation {}

  /** How the queue of a topic is set up was read for the first time, or is not as it was. */
  record QueueRead(String topic, String detail) implements Observation {}

  /** The queue of a topic is set up in a way that does harm one day; told once. */
  record QueueDoubted(String topic, String detail) implements Observation {}

  /**
   * What was pushed to a topic was not taken.
   *
   * @param reason for metrics; a word of a few
   * @param detail one sentence, with nothing of what was sent
   */
  record NotificationRefused(String topic, String reason, String detail) implements Observation {}

  /** A topic of SNS pushes to a topic from now on. */
  record SubscriptionConfirmed(String topic, String topicArn) implements Observation {}

  /** Somebody ended a subscription: its topic of SNS pushes no more. */
  record SubscriptionEnded(String topic, String topicArn) implements Observation {}

  // The read side

  /**
   * A request was answered.
   *
   * @param route the pattern of the route, never the path
   * @param status where the answer was broken off: what it would have been before it began
   * @param duration without the time in which the client did not take what was written
   * @param begun until the head of the answer went out
   */
  record RequestServed(
      String route,
      String method,
      int status,
      Duration duration,
      long bytes,
      Duration begun,
      RequestTrace trace)
      implements Observation {

    /** One of nobody who could ask for it again. */
    public RequestServed(String route, String method, int status, Duration duration, long bytes) {
      this(route, method, status, duration, bytes, duration, RequestTrace.NONE);
    }
  }

  /**
   * A request was refused for now, since others use all that there is, and its client was told when
   * to come again. It is neither served nor failed.
   */
  record RequestRefused(String route, String method, Duration waited) implements Observation {}

  /**
   * A connection was not taken, or was cut, since it took more than its share.
   *
   * @param reason for metrics; a word of a few
   */
  record ConnectionCut(String reason) implements Observation {}

  /** A request failed for a reason that is ours; its answer says nothing about it. */
  record RequestFailed(String route, Throwable failure, RequestTrace trace)
      implements Observation {}

  /** Somebody listens to a table of the database from now on. */
  record TailOpened(String database) implements Observation {}

  /** Somebody listens no more, for whatever reason. */
  record TailEnded(String database) implements Observation {}

  record CatalogLoaded(String database, int relations, Duration duration) implements Observation {}

  record CatalogFailed(String database, String detail) implements Observation {}

  /** A published query does not fit its database, or hides something of it. */
  record QueryMisfitted(String database, String detail) implements Observation {}

  /** The keys that tokens are checked with could not be read; those before hold. */
  record KeysFailed(String source, String detail) implements Observation {}

  // The vital signs: each is looked at again and again, whether anybody asks or not

  /** How the database, the API and the topics are. */
  sealed interface VitalSign extends Observation {}

  /**
   * The database was read through the serving path.
   *
   * @param inRecovery whether it is a replica
   */
  record DatabaseAnswered(
      String database, DatabaseRole role, Duration latency, Instant startedAt, boolean inRecovery)
      implements VitalSign {}

  record DatabaseUnanswered(String database, DatabaseRole role, String detail)
      implements VitalSign {}

  /** The first of several checks in a row that were not answered. */
  record DatabaseLost(String database, DatabaseRole role, String detail) implements VitalSign {}

  record DatabaseRegained(String database, DatabaseRole role, Duration away) implements VitalSign {}

  /**
   * The server that is written to has another start time than at the check before; one that is read
   * from started since then, for another replica that answers in its place did not.
   */
  record DatabaseRestarted(String database, DatabaseRole role, Instant startedAt)
      implements VitalSign {}

  /** What answers is a replica and was none at the check before, or the reverse. */
  record DatabaseRoleChanged(String database, DatabaseRole role, boolean inRecovery)
      implements VitalSign {}

  /**
   * A replica was compared with the server that it follows.
   *
   * @param lag what was committed longer ago is read for certain
   */
  record ReplicaCompared(String database, Duration lag) implements VitalSign {}

  /**
   * What is read from the replica may be too old, or cannot be compared; it is not read any more.
   */
  record ReplicaBehind(String database, Duration allowed) implements VitalSign {}

  record ReplicaCaughtUp(String database, Duration behindFor) implements VitalSign {}

  /**
   * Of several servers others are read than before, or others are left out.
   *
   * @param servers by host and port; none where none may be read
   * @param leftOut those that do not answer, or are further behind than allowed
   */
  record ReadServersChosen(String database, List<String> servers, List<String> leftOut)
      implements VitalSign {
    public ReadServersChosen {
      servers = List.copyOf(servers);
      leftOut = List.copyOf(leftOut);
    }
  }

  /**
   * A read is made once more: the database cancelled it for what others did there, or its server
   * went away and another one is there.
   */
  record ReadRepeated(String database) implements VitalSign {}

  /**
   * A statement of a reader goes on though it was cancelled.
   *
   * @param processId of the database's process that works on it
   * @param now how many such statements this process of the server has
   */
  record StatementOutlived(String database, int processId, int now) implements VitalSign {}

  /** It has ended after all. */
  record StatementEnded(String database, int processId, int now) implements VitalSign {}

  /** The API was asked from outside; without an answer {@code took} is how long was waited. */
  record ApiProbed(boolean answered, Duration took) implements VitalSign {}

  /** The first of several probes in a row that were not answered. */
  record ApiLost(String url, String detail) implements VitalSign {}

  record ApiRegained(String url, Duration away) implements VitalSign {}

  /**
   * How all loops stand at one moment.
   *
   * @param at the time that others see
   * @param now the same of this process
   */
  record LoopsMeasured(Instant at, Moment now, List<LoopState> loops) implements VitalSign {}

  /** What waits in queues, by topic; a topic whose queue cannot tell now is missing. */
  record BacklogsMeasured(Map<String, Backlog> byTopic) implements VitalSign {}

  /**
   * How many records of Kafka the group has not committed, by topic; a topic whose brokers do not
   * answer now is missing.
   */
  record LagsMeasured(Map<String, Long> byTopic) implements VitalSign {}

  /**
   * How much of the bounds on what messages make is used, from 0 to 1; who did not answer is
   * missing.
   *
   * @param tables by database, of topics that no configuration names
   * @param columns by database, of these tables
   * @param columnsByTopic of its table, of topics that are open
   */
  record RoomMeasured(
      Map<String, Double> tables, Map<String, Double> columns, Map<String, Double> columnsByTopic)
      implements VitalSign {
    public RoomMeasured {
      tables = Map.copyOf(tables);
      columns = Map.copyOf(columns);
      columnsByTopic = Map.copyOf(columnsByTopic);
    }
  }

  /**
   * The dead letters that nobody did anything about, of all databases that answer.
   *
   * @param at when they were counted
   */
  record LettersMeasured(Instant at, List<OpenLetters> open) implements VitalSign {
    public LettersMeasured {
      open = List.copyOf(open);
    }
  }

  /** The dead-letter queue of a topic's queue does not tell how much it holds; told once. */
  record DeadLettersUnknown(String topic, String detail) implements VitalSign {}

  // The canary

  /** What became of the markers that are published to see whether they arrive. */
  sealed interface CanarySign extends Observation {
    String topic();
  }

  /** The topic has a canary from now on. */
  record CanaryStarted(String topic) implements CanarySign {}

  record CanaryPublished(String topic, Duration took) implements CanarySign {}

  /** The origin did not take a marker, for the n-th time in a row. */
  record CanaryPublishFailed(String topic, String detail, int inARow) implements CanarySign {}

  /** A marker was found in the database. */
  record CanaryStored(String topic, Duration sincePublished) implements CanarySign {}

  /** The API gave the same marker as the database. */
  record CanaryServed(String topic, Duration sinceStored, Duration total, Instant at)
      implements CanarySign {}

  /** A marker is not in the database although nothing holds it up. */
  record CanaryLost(String topic, long seq, Duration waited) implements CanarySign {}

  /** A marker that was counted as lost came after all. */
  record CanaryLate(String topic, long seq, Duration after) implements CanarySign {}

  /** A marker was delivered so many times more than once. */
  record CanaryDuplicated(String topic, long seq, int times) implements CanarySign {}

  /** What is stored or served is not what was published. */
  record CanaryMismatched(String topic, long seq, String detail) implements CanarySign {}

  // The process

  record ServerStarted(String version, int httpPort, int adminPort, Duration took)
      implements Observation {}

  /** The server asks nobody who they are, and whether the configuration says so. */
  record ServerUnlocked(boolean writtenDown) implements Observation {}

  record ServerStopping(String reason) implements Observation {}

  record ServerStopped(Duration took) implements Observation {}

  /**
   * A collector did not take what was sent to it; what it was is lost.
   *
   * @param signal {@code metrics} or {@code traces}
   */
  record ExportFailed(String signal, String detail) implements Observation {}

  /** Something at the top of a thread or a loop failed unexpectedly; the loop goes on. */
  record TaskFailed(String task, Throwable failure) implements Observation {}
}
