package dev.escala.serve.database;

import dev.escala.config.Section;
import java.time.Duration;

/**
 * How many connections the process has to one database for reading, whatever the number of cores.
 *
 * @param pipelined shared by reads of few rows
 * @param quick how long a read may take on those before it goes on apart, over a stream
 * @param streams each lent to one read of perhaps many rows, or of few that are not quick
 * @param sql each lent to one request with SQL
 * @param each of one client, how many streams, and how many connections for SQL, in hundredths of
 *     all
 * @param waiting how many requests wait for a stream, and how many for SQL, before more are refused
 * @param patience how long they wait at most
 * @param stalled how long a reader of a stream may take nothing before it is cut off
 * @param slowest the octets a second that a reader has to take while others wait for a stream
 * @param abandoned how many more there may be for SQL, in place of those whose statement goes on
 *     though it was cancelled
 */
public record PoolSettings(
    int pipelined,
    Duration quick,
    int streams,
    int sql,
    int each,
    int waiting,
    Duration patience,
    Duration stalled,
    long slowest,
    int abandoned) {
  public static final PoolSettings DEFAULT =
      new PoolSettings(
          8,
          Duration.ofMillis(100),
          12,
          4,
          50,
          256,
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          256 << 10,
          2);

  private static final int MOST = 256;

  /** Reads {@code databases.NAME.pools}. */
  static PoolSettings read(Section section) {
    return new PoolSettings(
        section.integer("pipelined", DEFAULT.pipelined, 1, MOST),
        section.duration("quick", DEFAULT.quick),
        section.integer("streams", DEFAULT.streams, 1, MOST),
        section.integer("sql", DEFAULT.sql, 1, MOST),
        section.integer("percent-per-client", DEFAULT.each, 1, 100),
        section.integer("waiting", DEFAULT.waiting, 0, 10_000),
        section.duration("patience", DEFAULT.patience),
        section.duration("stalled", DEFAULT.stalled),
        section.bytes("slowest", DEFAULT.slowest),
        section.integer("abandoned", DEFAULT.abandoned, 0, MOST));
  }

  /** The same, cutting stalled readers off after another time. */
  public PoolSettings stalled(Duration longest) {
    return new PoolSettings(
        pipelined, quick, streams, sql, each, waiting, patience, longest, slowest, abandoned);
  }

  /** The same, where one client may have so many hundredths of streams and connections for SQL. */
  public PoolSettings each(int percent) {
    return new PoolSettings(
        pipelined, quick, streams, sql, percent, waiting, patience, stalled, slowest, abandoned);
  }

  /** The same, with so many connections for SQL, and so many more for those that are abandoned. */
  public PoolSettings sql(int connections, int more) {
    return new PoolSettings(
        pipelined, quick, streams, connections, each, waiting, patience, stalled, slowest, more);
  }

  /** The same with so many streams. */
  public PoolSettings streams(int connections) {
    return new PoolSettings(
        pipelined, quick, connections, sql, each, waiting, patience, stalled, slowest, abandoned);
  }

  /** The same, where a reader has to take so many octets a second while others wait. */
  public PoolSettings slowest(long octets) {
    return new PoolSettings(
        pipelined, quick, streams, sql, each, waiting, patience, stalled, octets, abandoned);
  }

  /**
   * Whether a client that took so many octets, and was waited for as long in sum, is too slow for
   * who waits. Before a sixth of the time for those who take nothing it is not known.
   */
  public boolean isTooSlow(long octets, Duration waited) {
    return waited.compareTo(stalled.dividedBy(6)) > 0 && octets * 1e9 / waited.toNanos() < slowest;
  }

  /** How many of these one client may have. */
  int ofClient(int connections) {
    return Math.max(1, connections * each / 100);
  }
}
