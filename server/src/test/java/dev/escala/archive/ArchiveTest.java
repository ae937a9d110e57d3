package dev.escala.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escala.decode.TopicSettings;
import dev.escala.observe.Observation.PartArchived;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.SchemaElement;
import dev.hardwood.reader.ParquetFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code archive}: closed partitions go to a table of Iceberg, and only then. */
@Tag("integration")
class ArchiveTest extends ArchivedTable {
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

  @Test
  void aFileThatIsNotWhatItShouldBeDropsNothing() throws IOException {
    table();
    part("2026-08-01", "2026-09-01");
    rows("2026-08-01", 0, 20);
    Kills spoiled =
        new Kills(
            new Random(1),
            1,
            () -> {
              try (Stream<Path> files = Files.walk(folder)) {
                Path file =
                    files.filter(each -> each.toString().endsWith(".parquet")).findFirst().get();
                byte[] octets = Files.readAllBytes(file);
                octets[octets.length / 3]++;
                Files.write(file, octets);
              } catch (IOException failure) {
                throw new UncheckedIOException(failure);
              }
            });
    TopicSettings settings = settings();
    ArchiveRun run =
        new ArchiveRun(
            spoiled.after("note", store.archive(settings)),
            ArchiveTables.open(settings.maintenance().archive().orElseThrow()),
            settings,
            observer);
    assertThatThrownBy(run::all).isInstanceOfAny(IOException.class, RuntimeException.class);
    assertThat(files()).isEmpty();
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(23);
    assertThat(archive()).as("it is written anew").isOne();
    assertThat(files()).singleElement().extracting(DataFile::recordCount).isEqualTo(23L);
  }

  @Test
  void rowsStayAsLongAsTheyAreRetained() throws IOException {
    table();
    part("2026-08-01", "2026-09-01");
    rows("2026-08-01", 0, 20);
    TopicSettings settings = settings("retain: 3000d");
    assertThat(run(settings).all()).contains(0);
    assertThat(files()).singleElement().extracting(DataFile::recordCount).isEqualTo(23L);
    database.execute("INSERT INTO flights (_id, _event_time) VALUES ('late', '2026-08-31 23:59Z')");
    assertThat(run(settings).all()).as("it waits for the end of the rows").contains(0);
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(24);
    assertThat(archive()).isOne();
    assertThat(files()).singleElement().extracting(DataFile::recordCount).isEqualTo(24L);
  }

  @Test
  void columnsMayComeAndBecomeWider() throws IOException {
    table();
    part("2026-08-01", "2026-09-01");
    rows("2026-08-01", 0, 5);
    assertThat(archive()).isOne();
    database.execute(
        """
        ALTER TABLE flights ADD COLUMN gate text[], ALTER i4 TYPE bigint, ALTER i8 TYPE numeric, ALTER price TYPE numeric(14,3)\
        """);
    part("2026-09-01", "2026-10-01");
    rows("2026-09-01", 0, 5);
    assertThat(archive()).isOne();
    Schema schema =
        ArchiveTables.open(settings().maintenance().archive().orElseThrow())
            .find()
            .orElseThrow()
            .schema();
    assertThat(schema.findType("gate")).hasToString("list<string>");
    assertThat(schema.findType("i4")).hasToString("long");
    assertThat(schema.findType("i8")).hasToString("string");
    assertThat(schema.findType("i8_long")).hasToString("long");
    assertThat(schema.findType("price")).hasToString("decimal(14, 3)");
    assertThat(files())
        .flatExtracting(this::ids)
        .contains(schema.findField("i8_long").fieldId(), schema.findField("i8").fieldId());
  }

  /** Of the columns called i8 in a file. */
  private List<Integer> ids(DataFile file) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(InputFile.of(Path.of(URI.create(file.location()))))) {
      return reader.getFileMetaData().schema().stream()
          .filter(element -> element.name().equals("i8"))
          .map(SchemaElement::fieldId)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Each seed is a schedule of kills, and of rows that come late meanwhile. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
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

  /** A process of its own, which is killed in the middle of whatever it does. */
  @Tag("long")
  @Test
  void aProcessThatIsKilledLosesAndDoublesNothing() throws IOException, InterruptedException {
    assumeThat(DuckDb.isInstalled(folder)).as(NO_DUCKDB).isTrue();
    table();
    part("2026-08-01", "2026-09-01");
    rows("2026-08-01", 0, 40_000);
    part("2026-09-01", "2026-10-01");
    rows("2026-09-01", 100_000, 40_000);
    database.execute("CREATE TABLE kept AS SELECT * FROM flights");
    Path config =
        Files.writeString(
            folder.resolve("escala.yaml"),
            """
            databases: {db: {url: "postgresql://postgres:postgres@%s:%d/%s"}}
            topics:
              flights:
                {table: db.flights, key: $.id, time: $.at, dedup: key-time, partition: month, archive: {to: "%s"}}
            auth: none
            """
                .formatted(
                    database.url().host(),
                    database.url().port(),
                    database.url().database(),
                    folder.toUri()));
    Random random = new Random(11);
    int kills = 0;
    for (boolean isDone = false; !isDone; ) {
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.escala.app.Main",
                  "archive",
                  "--config=" + config)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("out").toFile())
              .start();
      isDone =
          process.waitFor(
              kills < 12 ? 1500 + random.nextInt(4000) : 600_000, TimeUnit.MILLISECONDS);
      if (isDone) {
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("out"))).isZero();
      } else {
        kills++;
        process.destroyForcibly().waitFor();
      }
    }
    assertThat(kills).isPositive();
    assertThat(database.count("SELECT count(*) FROM flights")).isZero();
    assertThat(differences()).as("after %d kills", kills).isEmpty();
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
