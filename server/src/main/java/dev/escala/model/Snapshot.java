package dev.escala.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which transactions a state of a database shows, as PostgreSQL writes it ({@code pg_snapshot}):
 * {@code xmin:xmax:running}.
 *
 * @param least all before it have ended
 * @param next it and all behind it have not ended
 * @param running those between that have not ended, in ascending order
 */
public record Snapshot(long least, long next, List<Long> running) {
  /** Digits of a number that is none of an attacker; 2^64 has two more. */
  private static final int MOST_DIGITS = 18;

  /** Between least and next, in their order. */
  public Snapshot {
    running = List.copyOf(running);
    long before = least - 1;
    for (long each : running) {
      if (each <= before || each >= next) {
        throw new IllegalArgumentException("a running transaction is out of order");
      }
      before = each;
    }
    if (least < 1 || next < least) {
      throw new IllegalArgumentException("a snapshot ends before it begins");
    }
  }

  /** Empty where the text is no snapshot. */
  public static Optional<Snapshot> parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    List<Long> running = new ArrayList<>();
    try {
      for (String each : parts[2].isEmpty() ? new String[0] : parts[2].split(",", -1)) {
        running.add(number(each));
      }
      return Optional.of(new Snapshot(number(parts[0]), number(parts[1]), running));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /**
   * Reads a number without a sign.
   *
   * @throws IllegalArgumentException where it is none
   */
  static long number(String digits) {
    if (digits.length() > MOST_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("no number");
    }
    return Long.parseLong(digits);
  }

  /** Whether what the transaction did is shown, unless it was rolled back. */
  public boolean shows(long transaction) {
    return transaction < next && Collections.binarySearch(running, transaction) < 0;
  }

  /** Whether all that the other one shows is shown: on one server, whether it was taken before. */
  public boolean showsAllOf(Snapshot earlier) {
    return next >= earlier.next && running.stream().noneMatch(earlier::shows);
  }

  @Override
  public String toString() {
    return least
        + ":"
        + next
        + ":"
        + running.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
