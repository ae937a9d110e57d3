package dev.escala.architecture.planted;

/** Has a method that is one line too long. */
final class LongMethod {
  private LongMethod() {}

  static int sixteenLines(int number) {
    int result = number;
    result += 2;
    result *= 3;
    result += 4;
    result *= 5;
    result += 6;
    result *= 7;
    result += 8;
    result *= 9;
    result += 10;
    result *= 11;
    result += 12;
    result *= 13;
    result += 14;
    result *= 15;
    return result;
  }
}
