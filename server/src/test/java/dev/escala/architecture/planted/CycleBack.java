package dev.escala.architecture.planted;

/** The second of three classes that need each other. */
final class CycleBack {
  private CycleBack() {}

  static int next(int number) {
    return CycleEnd.next(number);
  }
}
