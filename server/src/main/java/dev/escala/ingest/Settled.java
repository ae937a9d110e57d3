package dev.escala.ingest;

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

/** Counts what a batch ended in. */
final class Settled {
  private int stored;
  private int duplicates;
  private final Map<ReasonCode, Integer> rejected = new EnumMap<>(ReasonCode.class);
  private final Map<ReturnReason, Integer> returned = new EnumMap<>(ReturnReason.class);
  private final List<Instant> publishedAt = new ArrayList<>();

  private Settled() {}

  static BatchSettled of(
      Source source, Batch batch, List<Outcome> outcomes, Phases phases, Instant committedAt) {
    Settled settled = new Settled();
    for (int i = 0; i < outcomes.size(); i++) {
      settled.count(outcomes.get(i), batch.messages().get(i).origin().publishedAt());
    }
    return new BatchSettled(
        source.kind(),
        source.topic(),
        settled.stored,
        settled.duplicates,
        Map.copyOf(settled.rejected),
        Map.copyOf(settled.returned),
        batch.bytes(),
        phases,
        List.copyOf(settled.publishedAt),
        committedAt);
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
  }
}
