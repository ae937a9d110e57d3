package dev.escala.decode;

import dev.escala.model.ReasonCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** The names of members of objects within each other, none of which an object may have twice. */
final class NamesOfObjects {
  private final Deque<Set<String>> names = new ArrayDeque<>();

  /** An object, or an array, which has none. */
  void begin() {
    names.push(HashSet.newHashSet(0));
  }

  void end() {
    names.pop();
  }

  /** A member of the innermost one. */
  void add(String name) {
    if (!names.element().add(name)) {
      throw twice();
    }
  }

  /** For an object that has the same name twice. */
  static Refusal twice() {
    return Refusal.of(ReasonCode.JSON_DUPLICATE_KEY, "an object has the same key twice");
  }
}
