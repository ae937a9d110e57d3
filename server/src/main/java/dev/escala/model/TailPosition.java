package dev.escala.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far somebody has come who listens to a table.
 *
 * @param seen all rows that this state shows were given
 * @param portion the state whose further rows are being given; null where none are
 * @param note of the rows being given, those that are noted before this note were
 * @param index and of this note those up to this place, from 0
 */
public record TailPosition(Snapshot seen, @Nullable Snapshot portion, long note, int index) {
  /** Longer texts are none of ours: some hundreds of transactions that write at once. */
  private static final int MOST_CHARACTERS = 8_000;

  /** Where all is given that a state shows. */
  public static TailPosition at(Snapshot seen) {
    return new TailPosition(seen, null, 0, 0);
  }

  /** Reads what {@link #toString} wrote; empty where the text is something else. */
  public static Optional<TailPosition> parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    String[] parts = text.split(";", -1);
    Optional<Snapshot> seen = Snapshot.parse(parts[0]);
    if (parts.length == 1) {
      return seen.map(TailPosition::at);
    }
    return parts.length == 4
        ? seen.flatMap(all -> Snapshot.parse(parts[1]).flatMap(some -> parse(all, some, parts)))
        : Optional.empty();
  }

  private static Optional<TailPosition> parse(Snapshot seen, Snapshot portion, String[] parts) {
    try {
      int index = Math.toIntExact(Snapshot.number(parts[3]));
      return portion.showsAllOf(seen)
          ? Optional.of(new TailPosition(seen, portion, Snapshot.number(parts[2]), index))
          : Optional.empty();
    } catch (IllegalArgumentException | ArithmeticException malformed) {
      return Optional.empty();
    }
  }

  /** In one line of ASCII without blanks. */
  @Override
  public String toString() {
    return portion == null ? seen.toString() : "%s;%s;%d;%d".formatted(seen, portion, note, index);
  }
}
