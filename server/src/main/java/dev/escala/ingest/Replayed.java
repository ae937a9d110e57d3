package dev.escala.ingest;

import dev.escala.store.StoreException;
import java.util.Map;
import java.util.Optional;

/**
 * What became of dead letters that were replayed, or would become of them.
 *
 * @param rejected by reason
 * @param changes of a rehearsal: those for which the table would change first
 * @param skipped whose topic has no way to a table, by why
 * @param after the id up to which all were tried; behind it the next replay goes on
 * @param ended whether there are no more
 * @param trouble why the database took no more
 */
public record Replayed(
    long stored,
    long duplicates,
    Map<String, Long> rejected,
    long changes,
    Map<String, Long> skipped,
    long after,
    boolean ended,
    Optional<StoreException> trouble) {

  /** Those that were rejected once more. */
  public long allRejected() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  public long allSkipped() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }

  public long all() {
    return stored + duplicates + allRejected() + changes + allSkipped();
  }
}
