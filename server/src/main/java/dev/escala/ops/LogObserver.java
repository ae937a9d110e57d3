package dev.escala.ops;

import dev.escala.model.RequestTrace;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.observe.Observation.ArchiveCompleted;
import dev.escala.observe.Observation.ArchiveFailed;
import dev.escala.observe.Observation.BatchBisected;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.CanarySign;
import dev.escala.observe.Observation.CatalogFailed;
import dev.escala.observe.Observation.CatalogLoaded;
import dev.escala.observe.Observation.ColumnAdded;
import dev.escala.observe.Observation.ColumnWidened;
import dev.escala.observe.Observation.ConnectionCut;
import dev.escala.observe.Observation.DistributionRefused;
import dev.escala.observe.Observation.ExportFailed;
import dev.escala.observe.Observation.IndexBuilt;
import dev.escala.observe.Observation.IndexRefused;
import dev.escala.observe.Observation.IntakePaused;
import dev.escala.observe.Observation.IntakeResumed;
import dev.escala.observe.Observation.KeysFailed;
import dev.escala.observe.Observation.LettersExpired;
import dev.escala.observe.Observation.MessagesReceived;
import dev.escala.observe.Observation.NotificationRefused;
import dev.escala.observe.Observation.PartArchived;
import dev.escala.observe.Observation.PartitionsMade;
import dev.escala.observe.Observation.PartitionsRefused;
import dev.escala.observe.Observation.QueryMisfitted;
import dev.escala.observe.Observation.QueueDoubted;
import dev.escala.observe.Observation.QueueRead;
import dev.escala.observe.Observation.RequestFailed;
import dev.escala.observe.Observation.RequestRefused;
import dev.escala.observe.Observation.RequestServed;
import dev.escala.observe.Observation.RollupBuilt;
import dev.escala.observe.Observation.RollupRefused;
import dev.escala.observe.Observation.RowsExpired;
import dev.escala.observe.Observation.RowsWithoutPartition;
import dev.escala.observe.Observation.ServerStarted;
import dev.escala.observe.Observation.ServerStopped;
import dev.escala.observe.Observation.ServerStopping;
import dev.escala.observe.Observation.ServerUnlocked;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observation.SubscriptionConfirmed;
import dev.escala.observe.Observation.SubscriptionEnded;
import dev.escala.observe.Observation.TableChangeDelayed;
import dev.escala.observe.Observation.TableChangeSettled;
import dev.escala.observe.Observation.TableCreated;
import dev.escala.observe.Observation.TailEnded;
import dev.escala.observe.Observation.TailOpened;
import dev.escala.observe.Observation.TaskFailed;
import dev.escala.observe.Observation.TopicClosed;
import dev.escala.observe.Observation.VisibilityExtended;
import dev.escala.observe.Observation.VitalSign;
import dev.escala.observe.Observer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes observations to the log; what happens all the time at level DEBUG. */
public final class LogObserver implements Observer {
  private static final int SERVER_ERROR = 500;

  /** Where the answer of the database is critical, too. */
  private static final Duration SLOW = Duration.ofMillis(500);

  private final Logger log = LoggerFactory.getLogger("escala");
  private final VitalLog vitals = new VitalLog(this::event);

  @Override
  public void observed(Observation observation) {
    switch (observation) {
      case MessagesReceived e -> received(e);
      case BatchSettled e -> settled(e);
      case IntakePaused e -> paused(e);
      case IntakeResumed e ->
          event(Level.INFO, "intake_resumed")
              .addKeyValue("topic", e.topic())
              .log("Intake of {} resumed after {} ms", e.topic(), e.pausedFor().toMillis());
      case TableChangeDelayed e ->
          event(Level.WARN, "table_change_delayed")
              .addKeyValue("topic", e.topic())
              .log(
                  "A change of the table of {} waits: {}. What fits is stored; end the transaction"
                      + " that keeps the table",
                  e.topic(),
                  e.detail());
      case TableChangeSettled e ->
          event(Level.INFO, "table_change_settled")
              .addKeyValue("topic", e.topic())
              .log("The table of {} is free again after {} ms", e.topic(), e.after().toMillis());
      case BatchBisected e ->
          event(Level.WARN, "batch_bisected")
              .addKeyValue("topic", e.topic())
              .log(
                  "The database refused rows of {}; found in {} statements",
                  e.topic(),
                  e.statements());
      case AcknowledgementFailed e ->
          event(Level.WARN, "acknowledgement_failed")
              .addKeyValue("topic", e.topic())
              .addKeyValue("code", e.code())
              .log(
                  "{} messages of {} could not be acknowledged: {}",
                  e.messages(),
                  e.topic(),
                  e.code());
      case VisibilityExtended e ->
          event(Level.DEBUG, "visibility_extended")
              .log("Visibility of {} messages of {} extended", e.messages(), e.topic());
      case SourceFailed e ->
          event(Level.WARN, "source_failed")
              .addKeyValue("topic", e.topic())
              .log("The source of {} cannot be read and is tried again: {}", e.topic(), e.detail());
      case SourceRecovered e ->
          event(Level.INFO, "source_recovered").log("The source of {} is read again", e.topic());
      case QueueRead e ->
          event(Level.INFO, "queue_read")
              .addKeyValue("topic", e.topic())
              .log("The queue of {}: {}", e.topic(), e.detail());
      case QueueDoubted e ->
          event(Level.WARN, "queue_doubted")
              .addKeyValue("topic", e.topic())
              .log("The queue of {}: {}", e.topic(), e.detail());
      case NotificationRefused e ->
          event(Level.WARN, "notification_refused")
              .addKeyValue("topic", e.topic())
              .addKeyValue("reason", e.reason())
              .log("What was pushed to {} is refused: {}", e.topic(), e.detail());
      case SubscriptionConfirmed e ->
          event(Level.INFO, "subscription_confirmed")
              .addKeyValue("topic", e.topic())
              .log("{} pushes to {} from now on", e.topicArn(), e.topic());
      case SubscriptionEnded e ->
          event(Level.WARN, "subscription_ended")
              .addKeyValue("topic", e.topic())
              .log("A subscription of {} that pushed to {} was ended", e.topicArn(), e.topic());
      case TopicClosed e ->
          event(Level.DEBUG, "topic_closed").log("The topic {} is closed", e.topic());
      case TableCreated e ->
          event(Level.INFO, "table_created")
              .log("Table {} created with {} columns", e.table(), e.columns());
      case ColumnAdded e ->
          event(Level.INFO, "column_added")
              .log("Column {} {} added to {}", e.column(), e.type(), e.table());
      case ColumnWidened e ->
          event(Level.INFO, "column_widened")
              .log(
                  "Column {} of {} widened from {} to {}", e.column(), e.table(), e.from(), e.to());
      case IndexBuilt e ->
          event(Level.INFO, "index_built")
              .log("Index {} of {} built in {} ms", e.index(), e.table(), e.took().toMillis());
      case IndexRefused e ->
          event(Level.WARN, "index_refused")
              .log("Index {} of {} cannot be built: {}", e.index(), e.table(), e.detail());
      case RowsExpired e ->
          event(Level.INFO, "rows_expired")
              .addKeyValue("topic", e.topic())
              .log(
                  "{} rows of {} were older than it retains, and are deleted", e.rows(), e.topic());
      case PartArchived e ->
          event(Level.INFO, "partition_archived")
              .addKeyValue("topic", e.topic())
              .log("{} is archived: {} rows in {} bytes", e.part(), e.rows(), e.bytes());
      case ArchiveCompleted e -> {} // of each round, also of those that find nothing to do
      case ArchiveFailed e ->
          event(Level.WARN, "archive_failed")
              .addKeyValue("topic", e.topic())
              .log("The archive of {} fails; nothing is dropped: {}", e.topic(), e.detail());
      case PartitionsMade e ->
          event(Level.INFO, "partitions_made")
              .log("{} partitions of {} made", e.partitions(), e.table());
      case PartitionsRefused e ->
          event(Level.WARN, "partitions_refused")
              .log("{} is not kept in partitions: {}", e.table(), e.detail());
      case DistributionRefused e ->
          event(Level.WARN, "distribution_refused")
              .log("{} is not distributed: {}", e.table(), e.detail());
      case RowsWithoutPartition e -> {
        if (e.rows() > 0) {
          event(Level.WARN, "rows_without_partition")
              .addKeyValue("topic", e.topic())
              .log("{} rows of {} stand in the default partition", e.rows(), e.topic());
        }
      }
      case LettersExpired e ->
          event(e.open() > 0 ? Level.WARN : Level.INFO, "dead_letters_expired")
              .addKeyValue("database", e.database())
              .log(
                  "{} open and {} settled dead letters of {} were older than they are kept, and are"
                      + " deleted",
                  e.open(),
                  e.settled(),
                  e.database());
      case RollupBuilt e ->
          event(Level.INFO, "rollup_built")
              .log("Rollup {} of {} built in {} ms", e.rollup(), e.table(), e.took().toMillis());
      case RollupRefused e ->
          event(Level.WARN, "rollup_refused")
              .log("Rollup {} of {} is not right: {}", e.rollup(), e.table(), e.detail());
      case RequestServed e -> served(e);
      case RequestRefused e ->
          event(Level.DEBUG, "request_refused")
              .addKeyValue("route", e.route())
              .log("{} {} refused after {} ms", e.method(), e.route(), e.waited().toMillis());
      case ConnectionCut e ->
          event(Level.DEBUG, "connection_cut").log("A connection was cut: {}", e.reason());
      case RequestFailed e ->
          traced(event(Level.ERROR, "request_failed"), e.trace())
              .addKeyValue("route", e.route())
              .setCause(e.failure())
              .log("A request to {} failed", e.route());
      case TailOpened e ->
          event(Level.DEBUG, "tail_opened").log("Somebody listens to a table of {}", e.database());
      case TailEnded e ->
          event(Level.DEBUG, "tail_ended").log("Somebody listens no more to {}", e.database());
      case CatalogLoaded e ->
          event(Level.DEBUG, "catalog_loaded")
              .addKeyValue("database", e.database())
              .log("{} relations of {} known", e.relations(), e.database());
      case CatalogFailed e ->
          event(Level.WARN, "catalog_failed")
              .addKeyValue("database", e.database())
              .log("The relations of {} could not be read: {}", e.database(), e.detail());
      case QueryMisfitted e ->
          event(Level.WARN, "query_misfitted")
              .addKeyValue("database", e.database())
              .log("A published query of {}: {}", e.database(), e.detail());
      case KeysFailed e ->
          event(Level.WARN, "keys_failed")
              .log("The keys of {} could not be read: {}", e.source(), e.detail());
      case VitalSign e -> vitals.observed(e);
      case CanarySign e -> vitals.observed(e);
      case ServerStarted e -> started(e);
      case ServerUnlocked e -> unlocked(e);
      case ServerStopping e -> event(Level.INFO, "server_stopping").log("Stopping: {}", e.reason());
      case ServerStopped e ->
          event(Level.INFO, "server_stopped").log("Stopped in {} ms", e.took().toMillis());
      case ExportFailed e ->
          event(Level.WARN, "export_failed")
              .log("The collector of otlp did not take {}: {}", e.signal(), e.detail());
      case TaskFailed e ->
          event(Level.ERROR, "task_failed")
              .setCause(e.failure())
              .log("{} failed unexpectedly and goes on", e.task());
    }
  }

  private void received(MessagesReceived e) {
    event(Level.DEBUG, "messages_received")
        .log("{} messages of {} received", e.messages(), e.topic());
  }

  private void settled(BatchSettled e) {
    boolean somethingWrong = !e.rejected().isEmpty();
    event(somethingWrong ? Level.WARN : Level.DEBUG, "batch_settled")
        .addKeyValue("topic", e.topic())
        .addKeyValue("stored", e.stored())
        .addKeyValue("duplicates", e.duplicates())
        .addKeyValue("rejected", e.rejected())
        .addKeyValue("returned", e.returned())
        .addKeyValue("write_ms", e.phases().write().toMillis())
        .log(
            "{}: {} stored, {} duplicates, rejected {}, returned {}",
            e.topic(),
            e.stored(),
            e.duplicates(),
            e.rejected(),
            e.returned());
  }

  private void paused(IntakePaused e) {
    event(
            e.reason() == ReturnReason.TABLE_MISCONFIGURED ? Level.ERROR : Level.WARN,
            "intake_paused")
        .addKeyValue("topic", e.topic())
        .addKeyValue("reason", e.reason())
        .addKeyValue("sqlstate_class", e.sqlStateClass())
        .log("Intake of {} paused ({}): {}", e.topic(), e.reason(), e.detail());
  }

  /** What failed, or came late, is to be found by who asks for it. */
  private void served(RequestServed e) {
    boolean told = e.status() >= SERVER_ERROR || e.begun().compareTo(SLOW) > 0;
    traced(event(told ? Level.INFO : Level.DEBUG, "request_served"), e.trace())
        .addKeyValue("route", e.route())
        .addKeyValue("status", e.status())
        .addKeyValue("ms", e.duration().toMillis())
        .log("{} {} {} in {} ms", e.method(), e.route(), e.status(), e.duration().toMillis());
  }

  private void unlocked(ServerUnlocked e) {
    if (e.writtenDown()) {
      event(Level.INFO, "server_unlocked")
          .log("auth: none. Whoever reaches the port reads every relation and publishes");
    } else {
      event(Level.WARN, "server_unlocked")
          .log(
              "THE SERVER IS OPEN: auth is not configured, and whoever reaches its port reads every"
                  + " relation and publishes to every topic. It listens on this machine alone."
                  + " Configure auth, or write auth: none");
    }
  }

  private void started(ServerStarted e) {
    event(Level.INFO, "server_started")
        .addKeyValue("version", e.version())
        .addKeyValue("http_port", e.httpPort())
        .addKeyValue("admin_port", e.adminPort())
        .log(
            "Escala {} answers on port {}, admin on {}, after {} ms",
            e.version(),
            e.httpPort(),
            e.adminPort(),
            e.took().toMillis());
  }

  private static LoggingEventBuilder traced(LoggingEventBuilder event, RequestTrace trace) {
    LoggingEventBuilder named =
        trace.requestId().isEmpty() ? event : event.addKeyValue("request_id", trace.requestId());
    return trace.traceId().map(id -> named.addKeyValue("trace_id", id)).orElse(named);
  }

  private LoggingEventBuilder event(Level level, String name) {
    return log.atLevel(level).addKeyValue("event", name);
  }
}
