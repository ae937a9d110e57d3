package dev.escala.ops;

import dev.escala.observe.Observation.ApiLost;
import dev.escala.observe.Observation.ApiProbed;
import dev.escala.observe.Observation.ApiRegained;
import dev.escala.observe.Observation.BacklogsMeasured;
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
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;

/** The vital signs. Those of the API have the names that the blackbox exporter gives them. */
final class VitalMetrics {
  private final DatabaseMetrics databases;
  private final TopicMetrics topics;
  private final RoomMetrics room;
  private final Gauge probeSuccess;
  private final Gauge probeDuration;
  private final Counter probeChecks;

  VitalMetrics(Meter meter, TopicLabel label) {
    databases = new DatabaseMetrics(meter);
    topics = new TopicMetrics(meter, label);
    room = new RoomMetrics(meter, label);
    probeSuccess = meter.gauge("probe_success", "1 if the API answered, asked from outside.");
    probeDuration = meter.gauge("probe_duration_seconds", "How long the API took to answer.");
    probeChecks = meter.counter("probe_checks_total", "Requests from outside.", "result");
  }

  void observed(VitalSign sign) {
    switch (sign) {
      case DatabaseAnswered e -> databases.answered(e);
      case DatabaseUnanswered e -> databases.unanswered(e);
      case ReplicaCompared e -> databases.compared(e);
      case ReadServersChosen e -> databases.chosen(e);
      case ReadRepeated e -> databases.repeated(e.database());
      case StatementOutlived e -> databases.outlived(e.database(), e.now());
      case StatementEnded e -> databases.outlived(e.database(), e.now());
      case ApiProbed e -> probed(e);
      case LoopsMeasured e -> topics.measured(e);
      case BacklogsMeasured e -> topics.measured(e);
      case LagsMeasured e -> topics.measured(e);
      case RoomMeasured e -> room.measured(e);
      case LettersMeasured e -> topics.measured(e);
      // The checks count; their changes are for the log.
      case DatabaseLost _ -> {}
      case DatabaseRegained _ -> {}
      case DatabaseRestarted _ -> {}
      case DatabaseRoleChanged _ -> {}
      case ReplicaBehind _ -> {}
      case ReplicaCaughtUp _ -> {}
      case ApiLost _ -> {}
      case DeadLettersUnknown _ -> {}
      case ApiRegained _ -> {}
    }
  }

  private void probed(ApiProbed e) {
    probeSuccess.set(e.answered() ? 1 : 0);
    probeDuration.set(e.took().toNanos() / 1e9);
    probeChecks.labelValues("ok").inc(e.answered() ? 1 : 0);
    probeChecks.labelValues("failed").inc(e.answered() ? 0 : 1);
  }
}
