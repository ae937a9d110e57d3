package dev.escala.decode;

import java.util.HashSet;
import java.util.Set;

/** What was seen of one field. */
public final class FieldSeen {
  /** By their hashes; beyond this nobody knows whether a value came twice. */
  private static final int MOST_DISTINCT = 2_000_000;

  private final Set<Long> distinct = new HashSet<>();
  private long values;
  private boolean isRepeated;
  private boolean hasContainers;
  private boolean isAllNumbersInText = true;

  FieldSeen() {}

  void container() {
    values++;
    hasContainers = true;
    isAllNumbersInText = false;
  }

  void scalar(String text, boolean isText) {
    values++;
    isAllNumbersInText &= isText && text.matches("-?(0|[1-9]\\d{0,17})(\\.\\d{1,18})?");
    if (!isRepeated) {
      isRepeated = distinct.size() == MOST_DISTINCT || !distinct.add(hash(text));
      if (isRepeated) {
        distinct.clear();
      }
    }
  }

  /** Of 64 bits: two of a million texts are one by chance once in 40 million times. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** How many messages had it, and not null. */
  public long values() {
    return values;
  }

  /** Whether each of so many messages has another value. */
  boolean isUnique(long messages) {
    return messages > 1 && values == messages && !isRepeated && !hasContainers;
  }

  /** Whether all values are numbers that stand in quotes. */
  public boolean isNumbersInText() {
    return values > 0 && isAllNumbersInText;
  }
}
