package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escala.serve.database.SqlSettings;
import dev.escala.testing.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data frames of Python, where it finds their packages: docs/clients.md says how. */
@Tag("integration")
class FrameClientsTest {
  private static final Path CLIENTS = Path.of("../docs/clients.md");
  private static final String BASE = "http://localhost:8080/flights";

  @TempDir static Path directory;
  private static ServedDatabase served;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    assumeThat(isInstalled()).as("SKIPPED: no data frames of Python (docs/clients.md)").isTrue();
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE flights (
          id int PRIMARY KEY, origin text, delay_minutes int, scheduled_at timestamptz);
        INSERT INTO flights
        SELECT i, 'BOG', i % 50, CASE WHEN i % 3 > 0 THEN timestamptz '2026-01-01' + i / 7 * interval '1 h' END
        FROM generate_series(1, 40000) i;
        CREATE TABLE v (id int PRIMARY KEY, flag boolean, i2 smallint, i8 bigint, f4 real, f8 float8,
          price numeric(10,2), t text, octets bytea, d date, clock time, local timestamp, instant timestamptz,
          numbers int[], words text[], prices numeric(10,2)[]);
        INSERT INTO v VALUES
          (1, true, -1, 9223372036854775807, 1.5, -2.5, -12345678.90, 'é😀', '\\x00ff', '1969-12-31', '23:59:59.999999',
           '1969-12-31 23:59:59.999999', '2026-01-01 12:00+02', '{1,NULL}', '{"",NULL}', '{1.10,-2}'),
          (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        CREATE ROLE frame_reader LOGIN PASSWORD 'secret';
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO frame_reader\
        """);
    served =
        ServedDatabase.startFor(
            database,
            "frame_reader",
            new SqlSettings(true, 100, 10_000, Duration.ofSeconds(60), 1_000_000));
  }

  @AfterAll
  static void stop() {
    if (served != null) {
      served.close();
    }
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      return run("import duckdb, httpx, pandas, polars, pyarrow").waitFor() == 0;
    } catch (IOException noPython) {
      return false;
    }
  }

  private static Process run(String code) throws IOException {
    Path script = Files.writeString(directory.resolve("program.py"), code);
    return new ProcessBuilder("python3", script.toString()).redirectErrorStream(true).start();
  }

  /** What a program prints. */
  private static String python(String code) throws IOException, InterruptedException {
    Process process = run(code);
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.strip();
  }

  private static Stream<String> written() throws IOException {
    return Pattern.compile("```python frames\\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(CLIENTS))
        .results()
        .map(MatchResult::group)
        .map(block -> block.replaceAll("```.*\n?", ""));
  }

  @Test
  void theDocumentHasPrograms() throws IOException {
    assertThat(written()).hasSizeGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("written")
  void aProgramOfTheDocumentRuns(String program) throws IOException, InterruptedException {
    assertThat(program).contains(BASE);
    String base = "http://localhost:" + served.port() + "/db";
    String here = program.replace(BASE + "/flights", base + "/flights").replace(BASE, base);
    assertThat(python(here)).as(program).contains("BOG", "24.5");
  }

  @Test
  void anAddressInAQuickTable() throws IOException, InterruptedException {
    String row =
        Files.readAllLines(CLIENTS).stream()
            .filter(line -> line.startsWith("| pandas |"))
            .findFirst()
            .orElseThrow();
    String call = row.substring(row.indexOf('`') + 1, row.lastIndexOf('`'));
    String here = call.replace(BASE, "http://localhost:" + served.port() + "/db");
    assertThat(python("import pandas\nprint(len(%s))".formatted(here))).isEqualTo("40000");
  }

  /** The same values, whoever reads them. */
  @Test
  void allReadTheSame() throws IOException, InterruptedException {
    String program =
        """
        import duckdb, io, polars, pyarrow, pyarrow.parquet
        from urllib.request import urlopen
        octets = urlopen("http://localhost:%1$d/db/v?order=id&format=arrow").read()
        read = pyarrow.ipc.open_stream(octets).read_all()
        read.validate(full=True)
        frame = polars.read_ipc_stream(io.BytesIO(octets))
        duck = duckdb.sql("SET TimeZone = 'UTC'; SELECT * FROM read").to_arrow_table().to_pylist()
        def plain(value):
            if isinstance(value, list):
                return [plain(each) for each in value]
            return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
        file = urlopen("http://localhost:%1$d/db/v?order=id&format=parquet").read()
        with open(__file__ + ".parquet", "wb") as kept:
            kept.write(file)
        filed = pyarrow.parquet.read_table(io.BytesIO(file))
        filed.validate(full=True)
        ducks = duckdb.sql("SELECT * FROM '" + __file__ + ".parquet'").to_arrow_table().to_pylist()
        for rows in (read.to_pylist(), frame.to_dicts(), duck,
                     filed.to_pylist(), polars.read_parquet(io.BytesIO(file)).to_dicts(), ducks):
            print([[plain(value) for value in row.values()] for row in rows])
        print(read.schema.to_string(show_schema_metadata=False).replace("\\n", "; "))
        """
            .formatted(served.port());
    List<String> lines = python(program).lines().toList();
    String first =
        "[[1, True, -1, 9223372036854775807, 1.5, -2.5, Decimal('-12345678.90'), 'é😀',"
            + " b'\\x00\\xff', '1969-12-31', '23:59:59.999999', '1969-12-31T23:59:59.999999',"
            + " '2026-01-01T10:00:00Z', [1, None], ['', None], [Decimal('1.10'),"
            + " Decimal('-2.00')]], [2"
            + ", None".repeat(15)
            + "]]";
    assertThat(lines.subList(0, 6)).hasSize(6).containsOnly(first);
    assertThat(lines.get(6))
        .startsWith("id: int32; flag: bool; i2: int16; i8: int64; f4: float")
        .contains("price: decimal128(10, 2)", "instant: timestamp[us, tz=UTC]");
  }

  @Test
  void manyBatchesAreRead() throws IOException, InterruptedException {
    String program =
        """
        import io, polars, pyarrow, pyarrow.parquet
        from urllib.request import urlopen
        url = "http://localhost:%d/db/flights?order=id&format=arrow"
        batches = list(pyarrow.ipc.open_stream(urlopen(url)))
        frame = polars.read_ipc_stream(url)
        groups = pyarrow.parquet.ParquetFile(io.BytesIO(urlopen(url.replace("arrow", "parquet")).read()))
        assert groups.read().equals(pyarrow.Table.from_batches(batches))
        print(len(batches) > 1, sum(each.num_rows for each in batches), frame.height, frame["id"].sum(),
              frame["scheduled_at"].null_count())
        """
            .formatted(served.port());
    assertThat(python(program)).isEqualTo("True 40000 40000 800020000 13333");
  }
}
