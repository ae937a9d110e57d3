package dev.escala.archive;

import dev.escala.decode.Settings;
import dev.escala.decode.TopicSettings;
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
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A table of values of all types, in partitions by month, with an archive. */
abstract class ArchivedTable {
  protected static final String NO_DUCKDB = "SKIPPED: no DuckDB of Python (docs/clients.md)";

  private static final String COLUMNS =
      """
      _id text NOT NULL, _event_time timestamptz NOT NULL, _received_at timestamptz DEFAULT now(), _source text,
      flag boolean, i2 smallint, i4 int, i8 bigint, f4 real, f8 double precision, price numeric(12,3), big numeric,
      t text, u uuid, j jsonb, d date, local timestamp, at timestamptz, octets bytea, words text[], numbers bigint[],
      floats real[], span interval, clock time\
      """;

  protected final PostgresServer.Database database = PostgresServer.newDatabase();
  protected final RecordingObserver observer = new RecordingObserver();
  protected final PostgresDatabase postgres =
      PostgresDatabase.open(PostgresSettings.of(database.url()));

  protected final PostgresStore store = new PostgresStore(postgres, observer);

  @TempDir protected Path folder;

  @AfterEach
  void close() {
    store.close();
    postgres.close();
  }

  /** Into the folder. */
  protected TopicSettings settings(String... more) {
    return archivedAs("archive: {after: 30d, to: \"%s\"}".formatted(folder.toUri()), more);
  }

  protected static TopicSettings archivedAs(String archive, String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of("key: $.id", "time: $.at", "dedup: key-time", "partition: month", archive));
    lines.addAll(List.of(more));
    return Settings.flights(lines.toArray(String[]::new));
  }

  protected ArchiveRun run(TopicSettings settings) {
    return new ArchiveRun(
        store.archive(settings),
        ArchiveTables.open(settings.maintenance().archive().orElseThrow()),
        settings,
        observer);
  }

  protected int archive() throws IOException {
    return run(settings()).all().orElseThrow();
  }

  protected void table() {
    postgres.migrate();
    database.execute(
        """
        CREATE TABLE flights (%s, UNIQUE (_id, _event_time)) PARTITION BY RANGE (_event_time);
        CREATE TABLE flights_default PARTITION OF flights DEFAULT\
        """
            .formatted(COLUMNS));
  }

  protected void part(String month, String next) {
    database.execute(
        "CREATE TABLE flights_p%s PARTITION OF flights FOR VALUES FROM ('%s') TO ('%s')"
            .formatted(month.replace("-", ""), month, next));
  }

  /** Rows with values of all types, and with none. */
  protected void rows(String month, int first, int count) {
    database.execute(
        """
        INSERT INTO flights SELECT 'k' || i, timestamptz '%s' + i * interval '1.000001 s', '2026-11-01 00:00:00.5Z', 'http',
          i %% 3 = 0, -(i %% 30000), i, i * 10000000000::bigint, i / 7.0, -i / 9.0, i / 1000.0 - 7, i / 7.0, E'é\\t\\n"\\\\' || i,
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

  protected List<DataFile> files() throws IOException {
    return files(settings());
  }

  protected static List<DataFile> files(TopicSettings settings) throws IOException {
    Table table =
        ArchiveTables.open(settings.maintenance().archive().orElseThrow()).find().orElseThrow();
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    }
    return files;
  }

  protected String parquet() throws IOException {
    return files().stream()
        .map(file -> "'" + Path.of(URI.create(file.location())) + "'")
        .collect(Collectors.joining(", ", "read_parquet([", "], union_by_name = true)"));
  }

  /** What DuckDB finds in one of the two alone: rows of the archive, and rows of {@code kept}. */
  protected List<String> differences() throws IOException, InterruptedException {
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
}
