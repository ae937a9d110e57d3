package dev.escala.serve.database;

import dev.escala.config.Section;
import java.time.Duration;

/**
 * How many connections the process has to one database for reading, whatever the number of cores.
 *
 * @param pipelined shared by reads of few rows
 * @param streams each lent to one read of perhaps many rows
 * @param sql each lent to one request with SQL
 * @param waiting how many requests wait for a stream, and how many for SQL, before more are refused
 * @param patience how long they wait at most
 * @param stalled how long a reader of a stream may take nothing before it is cut off
 */
public record PoolSettings(
    int pipelined, int streams, int sql, int waiting, Duration patience, Duration stalled) {
  public static final PoolSettings DEFAULT =
      new PoolSettings(8, 12, 4, 64, Duration.ofSeconds(2), Duration.ofSeconds(60));

  private static final int MOST = 256;

  /** Reads {@code databases.NAME.pools}. */
  static PoolSettings read(Section section) {
    return new PoolSettings(
        section.integer("pipelined", DEFAULT.pipelined, 1, MOST),
        section.integer("streams", DEFAULT.streams, 1, MOST),
        section.integer("sql", DEFAULT.sql, 1, MOST),
        section.integer("waiting", DEFAULT.waiting, 0, 10_000),
        section.duration("patience", DEFAULT.patience),
        section.duration("stalled", DEFAULT.stalled));
  }

  /** The same, cutting stalled readers off after another time. */
  public PoolSettings stalled(Duration longest) {
    return new PoolSettings(pipelined, streams, sql, waiting, patience, longest);
  }
}
