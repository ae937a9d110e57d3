package dev.escala.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escala.decode.Settings;
import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observation.PartArchived;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.postgres.PostgresStore;
import dev.escala.testing.PostgresServer;
import dev.escala.testing.RecordingObserver;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code archive}: closed partitions go to a table of Iceberg, and only then. */
@Tag("integration")
class ArchiveTest {
  private static final String NO_DUCKDB = "SKIPPED: no DuckDB of Python (docs/clients.md)";

  private static final String COLUMNS =
      """
      _id text NOT NULL, _event_time timestamptz NOT NULL, _received_at timestamptz DEFAULT now(), _source text,
      flag boolean, i2 smallint, i4 int, i8 bigint, f4 real, f8 double precision, price numeric(12,3), big numeric,
      t text, u uuid, j jsonb, d date, local timestamp, at timestamptz, octets bytea, words text[], numbers bigint[],
      floats real[], span interval, clock time\
      """;

  private final PostgresServer.Database database = PostgresServer.newDatabase();
  private final RecordingObserver observer = new RecordingObserver();
  private final PostgresDatabase postgres =
      PostgresDatabase.open(PostgresSettings.of(database.url()));

  private final PostgresStore store = new PostgresStore(postgres, observer);

  @TempDir private Path folder;

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  private TopicSettings settings(String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "key: $.id",
                "time: $.at",
                "dedup: key-time",
                "partition: month",
                "archive: {after: 30d, to: \"%s\"}".formatted(folder.toUri())));
    lines.addAll(List.of(more));
    return Settings.flights(lines.toArray(String[]::new));
  }

  private ArchiveRun run(TopicSettings settings) {
    return new ArchiveRun(
        store.archive(settings),
        ArchiveTables.open(settings.maintenance().archive().orElseThrow()),
        settings,
        observer);
  }

  private int archive() throws IOException {
    return run(settings()).all().orElseThrow();
  }

  private void table() {
    postgres.migrate();
    database.execute(
        """
        CREATE TABLE flights (%s, UNIQUE (_id, _event_time)) PARTITION BY RANGE (_event_time);
        CREATE TABLE flights_default PARTITION OF flights DEFAULT\
        """
            .formatted(COLUMNS));
  }

  private void part(String month, String next) {
    database.execute(
        "CREATE TABLE flights_p%s PARTITION OF flights FOR VALUES FROM ('%s') TO ('%s')"
            .formatted(month.replace("-", ""), month, next));
  }

  /** Rows with values of all types, and with none. */
  private void rows(String month, int first, int count) {
    database.execute(
        """
        INSERT INTO flights SELECT 'k' || i, timestamptz '%s' + i * interval '1.000001 s', '2026-11-01 00:00:00.5Z', 'http',
          i %% 3 = 0, -i, i, i * 10000000000::bigint, i / 7.0, -i / 9.0, i / 1000.0 - 7, i / 7.0, E'é\\t\\n"\\\\' || i,
          gen_random_uuid(), jsonb_build_object('n', i, 's', 'x"y'), date '0044-03-15 BC' + i * 100,
          timestamp '1969-12-31 23:59:59.9' + i * interval '1 us', timestamptz '9999-12-31 23:00Z' + i * interval '1 h',
          decode(lpad(to_hex(i), 8, '0'), 'hex'), ARRAY['a,"b\\' || i, NULL, 'NULL', ''], ARRAY[i, NULL],
          CASE WHEN i %% 2 = 0 THEN ARRAY[]::real[] ELSE ARRAY['NaN', '-Infinity', 1e-45, 0.1]::real[] END,
          interval '1 mon 2 d 3.5 s', '24:00'
        FROM generate_series(%d, %d) i;
        INSERT INTO flights (_id, _event_time) SELECT 'n' || i, timestamptz '%s' + i * interval '1 s'
        FROM generate_series(%d, %d) i\
        """
            .formatted(month, first, first + count - 1, month, first, first + 2));
  }

  private List<DataFile> files() throws IOException {
    Table table =
        ArchiveTables.open(settings().maintenance().archive().orElseThrow()).find().orElseThrow();
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    }
    return files;
  }

  private String parquet() throws IOException {
    return files().stream()
        .map(file -> "'" + Path.of(URI.create(file.location())) + "'")
        .collect(Collectors.joining(", ", "read_parquet([", "], union_by_name = true)"));
  }

  /** What DuckDB finds in one of the two alone: rows of the archive, and rows of {@code kept}. */
  private List<String> differences() throws IOException, InterruptedException {
    List<String> kept =
        database.rows(
            """
            SELECT json_build_object('id', _id, 'et', %1$s_event_time%2$s, 'rt', %1$s_received_at%2$s, 'source', _source,
              'flag', flag, 'i2', i2, 'i4', i4, 'i8', i8, 'f4', f4, 'f8', f8, 'price', price::text, 'big', big::text, 't', t,
              'u', u, 'j', j::text, 'd', d - date '1970-01-01', 'local', %1$slocal%2$s, 'at', %1$sat%2$s,
              'octets', encode(octets, 'hex'), 'words', to_json(words)::text, 'numbers', to_json(numbers)::text,
              'floats', replace(replace(array_to_string(floats, ','), 'NaN', 'nan'), 'Infinity', 'inf'),
              'span', span::text, 'clock', clock::text) FROM kept\
            """
                .formatted("(extract(epoch FROM ", ") * 1000000)::bigint"));
    Files.write(folder.resolve("kept.json"), kept);
    return DuckDb.texts(
        folder,
        """
        CREATE TABLE archive AS SELECT _id AS id, epoch_us(_event_time) AS et, epoch_us(_received_at) AS rt, _source AS source,
          flag, i2, i4, i8, f4, f8, price::VARCHAR AS price, big, t, u, j, (d - DATE '1970-01-01')::BIGINT AS d,
          epoch_us("local") AS "local", epoch_us("at") AS "at", lower(hex(octets)) AS octets, to_json(words)::VARCHAR AS words,
          to_json(numbers)::VARCHAR AS numbers, array_to_string(floats, ',') AS floats, span, clock FROM %s;
        CREATE TABLE kept AS SELECT * FROM read_json('%s', format = 'newline_delimited', columns = {id: 'VARCHAR',
          et: 'BIGINT', rt: 'BIGINT', source: 'VARCHAR', flag: 'BOOLEAN', i2: 'INTEGER', i4: 'INTEGER', i8: 'BIGINT',
          f4: 'FLOAT', f8: 'DOUBLE', price: 'VARCHAR', big: 'VARCHAR', t: 'VARCHAR', u: 'VARCHAR', j: 'VARCHAR', d: 'BIGINT',
          "local": 'BIGINT', "at": 'BIGINT', octets: 'VARCHAR', words: 'VARCHAR', numbers: 'VARCHAR', floats: 'VARCHAR',
          span: 'VARCHAR', clock: 'VARCHAR'});
        SELECT row_to_text FROM (
          SELECT 'archive ' || (a::VARCHAR) AS row_to_text FROM (SELECT * FROM archive EXCEPT ALL SELECT * FROM kept) a
          UNION ALL SELECT 'kept ' || (k::VARCHAR) FROM (SELECT * FROM kept EXCEPT ALL SELECT * FROM archive) k)
        """
            .formatted(parquet(), folder.resolve("kept.json")));
  }

  @Test
  void theArchiveHasWhatWasDropped() throws IOException, InterruptedException {
    assumeThat(DuckDb.isInstalled(folder)).as(NO_DUCKDB).isTrue();
    table();
    part("2026-08-01", "2026-09-01");
    part("2026-09-01", "2026-10-01");
    rows("2026-08-01", 0, 200);
    rows("2026-09-01", 1000, 100);
    database.execute("CREATE TABLE kept AS SELECT * FROM flights");
    assertThat(archive()).isEqualTo(2);
    assertThat(database.count("SELECT count(*) FROM flights")).isZero();
    assertThat(observer.all(PartArchived.class))
        .extracting(PartArchived::rows)
        .containsExactly(203L, 103L);
    assertThat(differences()).isEmpty();
    database.execute("UPDATE kept SET t = t || '!' WHERE i4 = 7; DELETE FROM kept WHERE i4 = 8");
    assertThat(differences()).hasSize(3);
    assertThat(archive()).as("nothing is left").isZero();
  }

  /** Each seed is a schedule of kills, and of rows that come late meanwhile. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void killsLoseAndDoubleNothing(long seed) throws IOException, InterruptedException {
    survive(seed, 0.06);
  }

  @Tag("long")
  @Test
  void manyKillsLoseAndDoubleNothing() throws IOException, InterruptedException {
    for (long seed = 100; seed < 140; seed++) {
      survive(seed, 0.03 + seed % 5 * 0.03);
      database.execute("DROP TABLE flights, kept");
      try (Stream<Path> left = Files.walk(folder)) {
        left.filter(file -> !file.equals(folder))
            .sorted(Comparator.reverseOrder())
            .forEach(file -> file.toFile().delete());
      }
    }
  }

  private void survive(long seed, double odds) throws IOException, InterruptedException {
    assumeThat(DuckDb.isInstalled(folder)).as(NO_DUCKDB).isTrue();
    table();
    part("2026-08-01", "2026-09-01");
    rows("2026-08-01", 0, 50);
    part("2026-09-01", "2026-10-01");
    rows("2026-09-01", 1000, 50);
    database.execute("CREATE TABLE kept AS SELECT * FROM flights");
    Random random = new Random(seed);
    Kills kills = new Kills(random, odds, () -> late(random));
    TopicSettings settings = settings();
    int killed = 0;
    for (boolean isDone = false; !isDone; ) {
      try (ArchiveTables tables =
          new ArchiveTables.OfFiles(
              settings.maintenance().archive().orElseThrow(), kills.files())) {
        new ArchiveRun(kills.store(store.archive(settings)), tables, settings, observer).all();
        isDone = true;
      } catch (Kills.Killed death) {
        killed++;
      } catch (RuntimeException | IOException because) {
        assertThat(because).hasRootCauseInstanceOf(Kills.Killed.class);
        killed++;
      }
      if (killed == 40) {
        kills.stop();
      }
    }
    kills.stop();
    assertThat(run(settings).all()).isPresent();
    assertThat(killed).as("kills").isPositive();
    assertThat(database.count("SELECT count(*) FROM flights")).isZero();
    assertThat(differences()).as("seed %d after %d kills", seed, killed).isEmpty();
  }

  /** Rows come late, or a person deletes some. */
  private void late(Random random) {
    String month = random.nextBoolean() ? "2026-08-01" : "2026-09-01";
    String id = Integer.toString(random.nextInt(1_000_000));
    if (random.nextInt(4) == 0) {
      database.execute(
          """
          WITH gone AS (DELETE FROM flights WHERE _id IN (SELECT _id FROM flights ORDER BY md5(_id || '%s') LIMIT 1)
            RETURNING _id)
          DELETE FROM kept WHERE _id IN (SELECT _id FROM gone)\
          """
              .formatted(id));
      return;
    }
    if (database.count("SELECT count(to_regclass('flights_p%s'))".formatted(month.replace("-", "")))
        == 0) {
      part(month, month.equals("2026-08-01") ? "2026-09-01" : "2026-10-01");
    }
    database.execute(
        """
        WITH came AS (INSERT INTO flights (_id, _event_time, i8) VALUES ('late%s', '%s 12:00Z', 5) RETURNING *)
        INSERT INTO kept SELECT * FROM came\
        """
            .formatted(id, month));
  }
}
