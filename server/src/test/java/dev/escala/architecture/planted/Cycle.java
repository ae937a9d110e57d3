package dev.escala.architecture.planted;

/** The first of three classes that need each other. */
final class Cycle {
  private Cycle() {}

  static int next(int number) {
    return number > 0 ? CycleBack.next(number - 1) : 0;
  }
}
