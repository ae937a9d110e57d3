package dev.escala.ingest.faults;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.Dedup.Mode;
import dev.escala.decode.Settings;
import dev.escala.decode.TopicSettings;
import dev.escala.ingest.IngestSettings;
import dev.escala.testing.FakeSource;
import dev.escala.testing.PostgresServer.Database;
import dev.escala.testing.RecordingObserver;
import dev.escala.testing.StoppablePostgres;
import dev.escala.testing.StoppablePostgres.Stop;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: instances, messages and faults, all of them from one seed. Between two steps some
 * messages are published; what a step breaks is mended by a later one, or at the end.
 */
final class FaultSchedule implements AutoCloseable {
  private static final String BY_DAY =
      """
      SELECT date_trunc('day', _event_time, 'UTC'), count(*), escala.distinct_estimate(
        escala.distinct_sketch(escala.distinct_position(hash_record_extended(ROW(id), 0)), 1))
      FROM flights GROUP BY 1 ORDER BY 1
      """;

  private static final String LETTERS =
      "SELECT message_id, reason, detail FROM escala.dead_letter WHERE status = 'new' ORDER BY 1";

  private static final String TERMINATE =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND application_name LIKE 'escala%'";

  private static final String ROWS = "SELECT id, v FROM flights";

  private final Random random;
  private final StoppablePostgres postgres;
  private final boolean alone;
  private final Database database;
  private final Disk disk;
  private final TopicSettings settings;
  private final Mode dedup;
  private final boolean rollup;
  private final Expected expected;
  private final FakeSource.Backlog backlog = new FakeSource.Backlog();
  private final RecordingObserver observer = new RecordingObserver();
  private final List<Instance> running = new ArrayList<>();
  private final List<Instance> killed = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private @Nullable Connection reader;

  /**
   * Makes its database.
   *
   * @param directory for its disk
   * @param alone whether nobody else uses the server, which may then be restarted
   */
  FaultSchedule(long seed, StoppablePostgres postgres, Path directory, boolean alone) {
    this.random = new Random(seed);
    this.postgres = postgres;
    this.alone = alone;
    String name = "schedule_" + seed;
    this.disk = new Disk(directory.resolve(name), postgres.database(), name);
    this.database = disk.database();
    this.dedup =
        List.of(Mode.LATEST, Mode.LATEST, Mode.KEY, Mode.KEY, Mode.KEY_TIME, Mode.WINDOW)
            .get(random.nextInt(6));
    this.rollup = dedup != Mode.LATEST && random.nextInt(3) == 0;
    this.settings = settings();
    this.expected = new Expected(random, dedup);
  }

  private TopicSettings settings() {
    List<String> lines =
        new ArrayList<>(List.of("key: $.id", "time: $.at", "time-format: epoch-s"));
    lines.addAll(
        switch (dedup) {
          case KEY -> List.of("dedup: key");
          case LATEST -> List.of("dedup: latest", "deleted: $.gone");
          case KEY_TIME -> List.of("dedup: key-time", "partition: day");
          case WINDOW -> List.of("dedup: window", "partition: day");
        });
    if (rollup) {
      lines.add(
          "rollups: {by_minute: {every: minute, values: {rows: count, total: sum(v)}},"
              + " by_day: {every: day, values: {rows: count, ids: approx_distinct(id)}}}");
    }
    return Settings.flights(lines.toArray(String[]::new));
  }

  private IngestSettings ingest() {
    return new IngestSettings(
        1 + random.nextInt(15),
        8 << 20,
        1 + random.nextInt(3),
        Duration.ZERO,
        Duration.ofSeconds(20),
        Duration.ofMillis(100),
        Duration.ofSeconds(2));
  }

  private void start() {
    running.add(new Instance(database.url(), settings, backlog, ingest(), observer));
  }

  /**
   * Runs it, and throws where the account does not come out even; what is left has to be closed.
   */
  void run() throws Exception {
    try {
      create();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        start();
      }
      for (int i = 3 + random.nextInt(5); i > 0; i--) {
        publish(20 + random.nextInt(150));
        // Not waiting for anything: when the fault comes is a part of the schedule.
        Thread.sleep(random.nextInt(60));
        step();
      }
      mend();
      eventually(() -> "waiting: " + backlog.size(), this::isSettled);
      account();
    } finally {
      leave();
    }
  }

  private void create() {
    String columns = "id text, v bigint CHECK (v >= 0), at bigint, text text";
    database.execute(
        dedup == Mode.KEY || dedup == Mode.LATEST
            ? "CREATE TABLE flights (%s)".formatted(columns)
            : """
            CREATE TABLE flights (%s, _event_time timestamptz NOT NULL)
            PARTITION BY RANGE (_event_time);
            CREATE TABLE flights_default PARTITION OF flights DEFAULT\
            """
                .formatted(columns));
  }

  /** What each instance received it has told of, once nothing is under way any more. */
  @Override
  public void close() {
    List<Instance> all = new ArrayList<>(running);
    all.addAll(killed);
    try (disk) {
      all.forEach(Instance::close);
      for (Instance each : all) {
        assertThat(each.told().all())
            .as("told of all that it received: stored, duplicate, rejected and returned")
            .isEqualTo(each.told().received());
      }
    }
  }

  List<String> steps() {
    return steps;
  }

  private void publish(int messages) {
    for (int i = 0; i < messages; i++) {
      Expected.Published message = expected.message();
      for (int times = random.nextInt(8) == 0 ? 2 : 1; times > 0; times--) {
        backlog.add("flights", message.id(), message.body());
      }
    }
  }

  private Instance any() {
    return running.get(random.nextInt(running.size()));
  }

  private void step() throws Exception {
    switch (random.nextInt(21)) {
      case 0, 1, 2 -> say("cut", () -> any().wire().cut());
      case 3, 4, 5 -> say("cut answers", () -> any().wire().cutAnswers());
      case 6, 7 -> say("stall", () -> any().wire().stall());
      case 8, 9 -> say("release", () -> running.forEach(each -> each.wire().release()));
      case 10, 11 -> say("kill", this::kill);
      case 12 -> say("start", this::start);
      case 13, 14 -> say("lose acknowledgements", () -> any().source().acknowledgements(40, 0));
      case 15 -> say("slow acknowledgements", () -> any().source().acknowledgements(5, 20));
      case 16 -> say("full disk", disk::fill);
      case 17 -> say("a reader stays", this::read);
      case 18 -> say("other columns", this::alter);
      case 19 -> say("the clock is set", this::setClock);
      default -> restart();
    }
  }

  private void say(String step, Runnable work) {
    steps.add(step);
    work.run();
  }

  private void kill() {
    Instance victim = any();
    running.remove(victim);
    victim.kill();
    killed.add(victim);
    if (running.isEmpty()) {
      start();
    }
  }

  private void restart() {
    if (!alone || random.nextInt(4) == 0) {
      say("terminate", () -> database.rows(TERMINATE));
      return;
    }
    Stop how = List.of(Stop.FAST, Stop.IMMEDIATE, Stop.KILL).get(random.nextInt(3));
    say(
        "restart " + how,
        () -> {
          leave();
          // A server that cannot recover for want of room would need a person.
          disk.free();
          postgres.stop(how);
          postgres.start();
        });
  }

  /** What the database remembers the times of was so much earlier, or later. */
  private void setClock() {
    int minutes = random.nextInt(121) - 60;
    if (!disk.isFull()) {
      database.execute(
          """
          DO $$ BEGIN
            IF to_regclass('escala.backfill') IS NOT NULL THEN
              UPDATE escala.seen_key SET seen_at = seen_at + interval '%1$d min';
              UPDATE escala.dead_letter SET first_seen = first_seen + interval '%1$d min',
                last_seen = last_seen + interval '%1$d min';
            END IF;
          END $$\
          """
              .formatted(minutes));
    }
  }

  /** Keeps the table from being changed. */
  private void read() {
    leave();
    try {
      Connection connection = database.connect();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT count(*) FROM flights");
      }
      reader = connection;
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void leave() {
    Connection left = reader;
    reader = null;
    try {
      if (left != null) {
        left.close();
      }
    } catch (SQLException gone) {
      // as it should
    }
  }

  private void alter() {
    leave();
    String name = "x" + random.nextInt(1 + expected.columns());
    String change =
        random.nextBoolean() ? "DROP COLUMN IF EXISTS " + name : "ADD COLUMN IF NOT EXISTS y int";
    database.execute("ALTER TABLE flights " + change);
  }

  /** From now on everything works. */
  private void mend() {
    leave();
    running.forEach(each -> each.wire().release());
    running.forEach(each -> each.source().acknowledgements(0, 0));
    disk.free();
    start();
  }

  private boolean isSettled() {
    return backlog.size() == 0 && running.stream().allMatch(Instance::isIdle);
  }

  private void account() {
    assertThat(expected.differences(database.rows(ROWS)))
        .as("the table by %s; dead letters: %s", dedup, database.rows(LETTERS))
        .isEmpty();
    assertThat(
            database.rows(
                "SELECT message_id FROM escala.dead_letter WHERE status = 'new' ORDER BY 1"))
        .as("dead letters, each once")
        .containsExactlyInAnyOrderElementsOf(expected.poison());
    if (dedup != Mode.LATEST) {
      int stored = running.stream().mapToInt(each -> each.told().of(Told.Kind.STORED)).sum();
      stored += killed.stream().mapToInt(each -> each.told().of(Told.Kind.STORED)).sum();
      assertThat(stored)
          .as("told to be stored")
          .isLessThanOrEqualTo((int) database.count("SELECT count(*) FROM flights"));
    }
    if (rollup) {
      eventually(
          "the rollups are made",
          () ->
              database.count(
                      "SELECT count(*) FROM pg_class WHERE relname IN ('by_minute', 'by_day') AND"
                          + " obj_description(oid, 'pg_class') LIKE 'Rollup, %'")
                  == 2);
      assertThat(database.rows("SELECT bucket, rows, total FROM by_minute ORDER BY 1"))
          .as("the rollup")
          .isEqualTo(
              database.rows(
                  "SELECT date_trunc('minute', _event_time, 'UTC'), count(*), sum(v) FROM flights"
                      + " GROUP BY 1 ORDER BY 1"));
      assertThat(database.rows("SELECT bucket, rows, ids FROM by_day ORDER BY 1"))
          .as("the rollup of different values")
          .isEqualTo(database.rows(BY_DAY));
    }
  }
}
