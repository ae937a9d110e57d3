package dev.escala.architecture.planted;

/** Hands the planted class to the test. */
public final class Planted {
  private Planted() {}

  public static Class<?> violation() {
    return PlantedViolation.class;
  }

  /** A health probe that waits for I/O. */
  public static Class<?> probe() {
    return PlantedProbe.class;
  }
}
