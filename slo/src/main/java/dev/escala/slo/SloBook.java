package dev.escala.slo;

import java.util.List;

/** All that the files promise. */
public record SloBook(Service service, List<Slo> slos) {
  public SloBook {
    slos = List.copyOf(slos);
  }

  /** The SLO of this name. */
  public Slo slo(String name) {
    return slos.stream()
        .filter(slo -> slo.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no SLO " + name));
  }
}
