package dev.escala.ingest.faults;

import dev.escala.model.Message;
import dev.escala.model.Outcome;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the outcomes of one instance add up to. */
final class Told {
  /** Each kind of outcome. */
  enum Kind {
    STORED,
    DUPLICATE,
    REJECTED,
    RETURNED
  }

  private final Map<Kind, Integer> outcomes = new EnumMap<>(Kind.class);
  private int received;

  synchronized void received(List<Message> messages) {
    received += messages.size();
  }

  synchronized void settled(List<Outcome> settled) {
    for (Outcome outcome : settled) {
      outcomes.merge(kind(outcome), 1, Integer::sum);
    }
  }

  private static Kind kind(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Stored _ -> Kind.STORED;
      case Outcome.Duplicate _ -> Kind.DUPLICATE;
      case Outcome.Rejected _ -> Kind.REJECTED;
      case Outcome.Returned _ -> Kind.RETURNED;
    };
  }

  synchronized int of(Kind kind) {
    return outcomes.getOrDefault(kind, 0);
  }

  synchronized int received() {
    return received;
  }

  synchronized int all() {
    return outcomes.values().stream().mapToInt(n -> n).sum();
  }
}
