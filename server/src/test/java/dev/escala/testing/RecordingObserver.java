package dev.escala.testing;

import dev.escala.observe.Observation;
import dev.escala.observe.Observer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was observed, for tests to look at. */
public final class RecordingObserver implements Observer {
  private final List<Observation> observations = new CopyOnWriteArrayList<>();

  @Override
  public void observed(Observation observation) {
    observations.add(observation);
  }

  /** Those of one type, in order. */
  public <T extends Observation> List<T> all(Class<T> type) {
    return observations.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
