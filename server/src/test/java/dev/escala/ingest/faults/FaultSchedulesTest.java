package dev.escala.ingest.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.StoppablePostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever breaks, and in whatever order: each good message is a row once, each bad one a dead
 * letter once, and each outcome is told. A seed that fails is named; {@code -Dfaults.seed=N} runs
 * it alone.
 */
@Tag("integration")
class FaultSchedulesTest {
  private static final long IN_EACH_BUILD = 30;
  private static final long IN_CI = 200;
  private static final long ON_DEMAND = 1_000;

  /** These restart the server, which nobody else may use meanwhile. */
  private static final LongPredicate ALONE = seed -> seed % 10 == 0;

  private static final int AT_ONCE = 6;

  @TempDir private static Path directory;
  private static StoppablePostgres postgres;

  @BeforeAll
  static void startDatabase() {
    postgres = new StoppablePostgres(directory.resolve("data"));
  }

  @AfterAll
  static void stopDatabase() {
    postgres.close();
  }

  @Test
  void theAccountComesOutEven() throws Exception {
    Long seed = Long.getLong("faults.seed");
    if (seed != null) {
      run(seed, ALONE.test(seed));
    } else {
      run(0, IN_EACH_BUILD);
    }
  }

  @Test
  @Tag("long")
  void theAccountComesOutEvenInCi() throws Exception {
    run(IN_EACH_BUILD, IN_CI);
  }

  @Test
  @Tag("long")
  void theAccountComesOutEvenForLong() throws Exception {
    run(IN_CI, ON_DEMAND);
  }

  /** Else a trigger says so in its place. */
  @Test
  void aDiskIsFullInEarnest() {
    try (Disk disk = new Disk(directory.resolve("full"), postgres.database(), "full_disk")) {
      assumeTrue(disk.isReal(), "no file system can be mounted here");
      Database database = disk.database();
      database.execute("CREATE TABLE flights (text text)");
      disk.fill();
      String many = "INSERT INTO flights SELECT repeat('x', 1000) FROM generate_series(1, 100)";
      assertThatThrownBy(() -> database.execute(many))
          .cause()
          .isInstanceOfSatisfying(
              SQLException.class, failure -> assertThat(failure.getSQLState()).isEqualTo("53100"));
      disk.free();
      database.execute(many);
      assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(100);
    }
  }

  private static void run(long from, long to) throws Exception {
    try (ExecutorService schedules = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> running = new ArrayList<>();
      LongStream.range(from, to)
          .filter(ALONE.negate())
          .forEach(seed -> running.add(schedules.submit(() -> run(seed, false))));
      for (Future<?> each : running) {
        await(each);
      }
    }
    LongStream.range(from, to).filter(ALONE).forEach(seed -> run(seed, true));
  }

  private static void await(Future<?> schedule) throws InterruptedException {
    try {
      schedule.get();
    } catch (ExecutionException failure) {
      throw new AssertionError(failure.getMessage(), failure);
    }
  }

  private static void run(long seed, boolean alone) {
    FaultSchedule schedule = new FaultSchedule(seed, postgres, directory, alone);
    List<String> steps = schedule.steps();
    try (schedule) {
      schedule.run();
    } catch (AssertionError | Exception failure) {
      throw new AssertionError(
          "seed %d, %s: %s".formatted(seed, steps, failure.getMessage()), failure);
    }
  }
}
