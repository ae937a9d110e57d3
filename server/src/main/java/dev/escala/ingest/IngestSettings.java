package dev.escala.ingest;

import dev.escala.config.Section;
import java.time.Duration;

/**
 * How messages are gathered into batches.
 *
 * @param rows at most so many in one statement
 * @param bytes a batch takes no further delivery once it has so many
 * @param batches at once; more than the store has writers only wait there
 * @param linger how long a small batch waits for more while another is being written
 * @param drain how long a shutdown waits for what is under way
 * @param longestBackoff between two tries while the database is away
 * @param changePatience how long a message waits for a change of its table that others hold up
 */
public record IngestSettings(
    int rows,
    long bytes,
    int batches,
    Duration linger,
    Duration drain,
    Duration longestBackoff,
    Duration changePatience) {
  public static final IngestSettings DEFAULT =
      new IngestSettings(
          5000,
          8 << 20,
          2,
          Duration.ofMillis(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5));

  /**
   * Reads {@code batch-rows}, {@code batch-bytes}, {@code batches}, {@code linger}, {@code drain},
   * {@code longest-backoff} and {@code change-patience}.
   */
  public static IngestSettings read(Section section) {
    return new IngestSettings(
        section.integer("batch-rows", DEFAULT.rows, 1, 50_000),
        section.bytes("batch-bytes", DEFAULT.bytes),
        section.integer("batches", DEFAULT.batches, 1, 32),
        section.duration("linger", DEFAULT.linger),
        section.duration("drain", DEFAULT.drain),
        section.duration("longest-backoff", DEFAULT.longestBackoff),
        section.duration("change-patience", DEFAULT.changePatience));
  }
}
