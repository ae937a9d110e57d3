package dev.escala.bench;

import dev.escala.bench.Report.Rates;
import java.util.ArrayList;
import java.util.List;

/**
 * Subjects that do the same work in turns, so that what the machine does besides hits all alike.
 */
final class Contest {
  private final List<Subject> subjects = new ArrayList<>();
  private final List<List<Double>> rates = new ArrayList<>();

  /** One turn: does the work and gives its rate in units a second. */
  interface Turn {
    double rate() throws Exception;
  }

  private record Subject(String side, String name, Turn turn) {}

  Contest add(String side, String name, Turn turn) {
    subjects.add(new Subject(side, name, turn));
    rates.add(new ArrayList<>());
    return this;
  }

  /** A first round that does not count, then so many that do. */
  Contest run(int rounds) throws Exception {
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < subjects.size(); i++) {
        double rate = subjects.get(i).turn().rate();
        if (round > 0) {
          rates.get(i).add(rate);
        }
      }
    }
    return this;
  }

  /** The best configuration of one side. */
  Rates best(String side) {
    List<Rates> candidates = new ArrayList<>();
    for (int i = 0; i < subjects.size(); i++) {
      if (subjects.get(i).side().equals(side)) {
        candidates.add(new Rates(subjects.get(i).name(), rates.get(i)));
      }
    }
    return Rates.best(candidates);
  }
}
