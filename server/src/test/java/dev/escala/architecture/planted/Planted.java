package dev.escala.architecture.planted;

/** Hands the planted class to the test. */
public final class Planted {
  private Planted() {}

  public static Class<?> violation() {
    return PlantedViolation.class;
  }
}
