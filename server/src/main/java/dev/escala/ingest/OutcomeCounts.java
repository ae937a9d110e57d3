package dev.escala.ingest;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.BatchSettled;
import dev.escala.observe.Observation.Phases;
import dev.escala.source.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what messages that were settled together ended in. */
final class OutcomeCounts {
  private int stored;
  private int duplicates;
  private long bytes;
  private @Nullable Instant newestKept;
  private final Map<ReasonCode, Integer> rejected = new EnumMap<>(ReasonCode.class);
  private final Map<ReturnReason, Integer> returned = new EnumMap<>(ReturnReason.class);
  private final List<Instant> publishedAt = new ArrayList<>();

  void count(Batch.Complete complete) {
    for (int i = 0; i < complete.outcomes().size(); i++) {
      Message message = complete.delivery().messages().get(i);
      bytes += message.payload().length();
      count(complete.outcomes().get(i), message.origin().publishedAt());
    }
  }

  private void count(Outcome outcome, Instant published) {
    switch (outcome) {
      case Outcome.Stored _ -> {
        stored++;
        publishedAt.add(published);
      }
      case Outcome.Duplicate _ -> duplicates++;
      case Outcome.Rejected one -> rejected.merge(one.rejection().reason(), 1, Integer::sum);
      case Outcome.Returned one -> returned.merge(one.reason(), 1, Integer::sum);
    }
    boolean kept = !(outcome instanceof Outcome.Returned);
    if (kept && (newestKept == null || published.isAfter(newestKept))) {
      newestKept = published;
    }
  }

  /** The latest publish time of what is a row or a dead letter now. */
  Optional<Instant> newestKept() {
    return Optional.ofNullable(newestKept);
  }

  BatchSettled observation(Source source, Phases phases, Instant committedAt) {
    return new BatchSettled(
        source.kind(),
        source.topic(),
        stored,
        duplicates,
        Map.copyOf(rejected),
        Map.copyOf(returned),
        bytes,
        phases,
        List.copyOf(publishedAt),
        committedAt);
  }
}
