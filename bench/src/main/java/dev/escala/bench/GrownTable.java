package dev.escala.bench;

import java.io.IOException;

/** A table of a topic that gets rows from before: made by SQL, as random as those that come. */
final class GrownTable {
  static final int SMALL = 1_000_000;
  static final int LARGE = 50_000_000;

  /** What a rate may fall by from the small to the large one. */
  static final double HOLD = 1 / 1.3;

  private final String ownerUrl;
  private final String name;

  /** One that is there, with the columns of {@link Events}. */
  GrownTable(String ownerUrl, String name) {
    this.ownerUrl = ownerUrl;
    this.name = name;
  }

  /** Of the same months, with keys that are remembered where they are. */
  void fill(int from, int to) throws IOException, InterruptedException {
    withoutIndexes(
        name,
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
            .formatted(name, from, to));
    if (name.equals("grown_window")) {
      withoutIndexes(
          "escala.seen_key",
          """
          INSERT INTO escala.seen_key (relation, key)
          SELECT 'grown_window'::regclass, md5(n::text)::uuid::text
          FROM generate_series(%d, %d) n;
          """
              .formatted(from, to));
    }
    Shell.psql(ownerUrl, "VACUUM ANALYZE " + name);
  }

  /** They are made again behind, which is faster by far than to keep them. */
  private void withoutIndexes(String table, String insert)
      throws IOException, InterruptedException {
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

  void drop() throws IOException, InterruptedException {
    Shell.psql(ownerUrl, "DROP TABLE " + name + "; TRUNCATE escala.seen_key");
  }
}
