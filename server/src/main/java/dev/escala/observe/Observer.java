package dev.escala.observe;

/** Takes observations from any thread; returns quickly and never throws. */
@FunctionalInterface
public interface Observer {

  void observed(Observation observation);

  /** Hands each observation to all of these, in order. */
  static Observer all(Observer... observers) {
    Observer[] copy = observers.clone();
    return observation -> {
      for (Observer observer : copy) {
        observer.observed(observation);
      }
    };
  }
}
