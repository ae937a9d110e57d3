package dev.escala.architecture.planted;

/** The third of three classes that need each other. */
final class CycleEnd {
  private CycleEnd() {}

  static int next(int number) {
    return Cycle.next(number);
  }
}
