package dev.escala.bench;

import dev.escala.embedded.PackagedServer;
import java.util.ArrayList;
import java.util.List;

/**
 * Ingest into a table of 50 million rows against the same into one of a million, for each way to
 * find a duplicate. Rows from before are made by SQL; those that are measured come over HTTP, each
 * of a new key that is as random as theirs.
 */
final class GrowthRows {
  private static final int SMALL = 1_000_000;
  private static final int LARGE = 50_000_000;

  /** What the rate may fall by. */
  private static final double HOLD = 1 / 1.3;

  private final String ownerUrl;
  private final Poster poster;
  private final int rounds;
  private final Events events = new Events(11);

  GrowthRows(String ownerUrl, PackagedServer server, int rounds) {
    this.ownerUrl = ownerUrl;
    this.poster = new Poster(server);
    this.rounds = rounds;
  }

  /** A topic of each of the three kinds. */
  static String topics() {
    return """
      grown_key: {table: flights.grown_key, key: $.event_id, time: $.scheduled_at}
      grown_key_time: {table: flights.grown_key_time, key: $.event_id, time: $.scheduled_at, dedup: key-time, partition: month}
      grown_window: {table: flights.grown_window, key: $.event_id, time: $.scheduled_at, dedup: window, partition: month}
    """;
  }

  void measure(Report report) throws Exception {
    for (String table : List.of("grown_key", "grown_key_time", "grown_window")) {
      // The table, and a partition for each month.
      double _ = poster.rate(table, events.round());
      fill(table, 1, SMALL);
      Report.Rates small = rates(table, "1 M rows");
      fill(table, SMALL + 1, LARGE);
      Report.Rates large = rates(table, "50 M rows");
      report.compare("Ingest by " + table.substring(6).replace('_', '-'), large, small, HOLD);
      Shell.psql(ownerUrl, "DROP TABLE " + table + "; TRUNCATE escala.seen_key");
    }
  }

  private Report.Rates rates(String table, String name) throws Exception {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      double rate = poster.rate(table, events.round());
      if (round > 0) {
        rates.add(rate);
      }
    }
    return new Report.Rates(name, rates);
  }

  /** Of the same months, with keys that are remembered where they are. */
  private void fill(String table, int from, int to) throws Exception {
    withoutIndexes(
        table,
        """
        INSERT INTO %1$s (event_id, scheduled_at, origin, destination, carrier, flight_number,
          delay_minutes, distance_miles, cancelled, fare, gate, passengers,
          _id, _event_time, _received_at, _source)
        SELECT id, at, 'SCL', 'LIM', 'LA', n %% 9000, n %% 400, n %% 4000, false, 99.5, 'G7', n %% 300,
          id, at, now(), 'http'
        FROM generate_series(%2$d, %3$d) n,
          LATERAL (SELECT md5(n::text)::uuid AS id,
            '2026-01-01Z'::timestamptz + n %% 390000 * interval '1 min' AS at) x;
        """
            .formatted(table, from, to));
    if (table.equals("grown_window")) {
      withoutIndexes(
          "escala.seen_key",
          """
          INSERT INTO escala.seen_key (relation, key)
          SELECT 'grown_window'::regclass, md5(n::text)::uuid::text
          FROM generate_series(%d, %d) n;
          """
              .formatted(from, to));
    }
    Shell.psql(ownerUrl, "VACUUM ANALYZE " + table);
  }

  /** They are made again behind, which is faster by far than to keep them. */
  private void withoutIndexes(String table, String insert) throws Exception {
    Shell.psql(
        ownerUrl,
        """
        DO $$
        DECLARE
          constraints text[];
          indexes text[];
          each text;
        BEGIN
          SELECT array_agg(format('ALTER TABLE %1$s ADD CONSTRAINT %%I %%s', conname,
              pg_get_constraintdef(oid))) INTO constraints
            FROM pg_constraint WHERE conrelid = '%1$s'::regclass AND contype IN ('p', 'u');
          FOR each IN SELECT conname FROM pg_constraint
              WHERE conrelid = '%1$s'::regclass AND contype IN ('p', 'u') LOOP
            EXECUTE format('ALTER TABLE %1$s DROP CONSTRAINT %%I', each);
          END LOOP;
          SELECT array_agg(pg_get_indexdef(indexrelid)) INTO indexes
            FROM pg_index WHERE indrelid = '%1$s'::regclass;
          FOR each IN SELECT indexrelid::regclass FROM pg_index
              WHERE indrelid = '%1$s'::regclass LOOP
            EXECUTE 'DROP INDEX ' || each;
          END LOOP;
          %2$s
          FOREACH each IN ARRAY coalesce(constraints, '{}') || coalesce(indexes, '{}') LOOP
            EXECUTE each;
          END LOOP;
        END $$\
        """
            .formatted(table, insert));
  }
}
