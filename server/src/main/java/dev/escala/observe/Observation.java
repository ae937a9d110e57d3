package dev.escala.observe;

import dev.escala.model.ReasonCode;
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

  record TableCreated(String table, int columns) implements Observation {}

  record ColumnAdded(String table, String column, String type) implements Observation {}

  record ColumnWidened(String table, String column, String from, String to)
      implements Observation {}

  /** The origin did not take an acknowledgement; the messages come again, as duplicates. */
  record AcknowledgementFailed(SourceKind source, String topic, String code, int messages)
      implements Observation {}

  record VisibilityExtended(String topic, int messages) implements Observation {}

  /** The origin could not be read; it is tried again. */
  record SourceFailed(SourceKind source, String topic, String detail) implements Observation {}

  record SourceRecovered(SourceKind source, String topic) implements Observation {}

  // The read side

  /**
   * A request was answered.
   *
   * @param route the pattern of the route, never the path
   */
  record RequestServed(String route, String method, int status, Duration duration, long bytes)
      implements Observation {}

  /** A request failed for a reason that is ours; its answer says nothing about it. */
  record RequestFailed(String route, Throwable failure) implements Observation {}

  record CatalogLoaded(String database, int relations, Duration duration) implements Observation {}

  record CatalogFailed(String database, String detail) implements Observation {}

  /** A health check read from the database through the serving path. */
  record DatabaseAnswered(String database, Duration latency, Instant startedAt)
      implements Observation {}

  record DatabaseUnanswered(String database, String detail) implements Observation {}

  // The process

  record ServerStarted(String version, int httpPort, int adminPort, Duration took)
      implements Observation {}

  record ServerStopping(String reason) implements Observation {}

  record ServerStopped(Duration took) implements Observation {}

  /** Something at the top of a thread or a loop failed unexpectedly; the loop goes on. */
  record TaskFailed(String task, Throwable failure) implements Observation {}
}
