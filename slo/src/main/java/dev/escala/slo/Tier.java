package dev.escala.slo;

import java.util.Locale;

/** A class of systems that share their promises; the label {@code tier} of every series. */
public enum Tier {
  STANDARD,
  CRITICAL;

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
