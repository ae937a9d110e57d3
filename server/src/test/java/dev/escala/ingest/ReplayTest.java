package dev.escala.ingest;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.ingest.Replay.Way;
import dev.escala.model.Message;
import dev.escala.model.Origin;
import dev.escala.model.Outcome;
import dev.escala.model.Payload;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.postgres.PostgresDatabase;
import dev.escala.postgres.PostgresSettings;
import dev.escala.store.DeadLetter;
import dev.escala.store.DeadLetters.Filter;
import dev.escala.testing.Messages;
import dev.escala.testing.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rejected messages, after what was wrong was put right. */
@Tag("integration")
class ReplayTest extends LettersRun {
  private static final Filter NEW = Filter.ALL.withStatus(DeadLetter.Status.NEW);
  private static final String[] DECLARED = {
    "unknown-fields: drop", "columns: [{name: n, type: integer}, {name: t, type: text}]"
  };

  private static Way.To to(Pipeline pipeline) {
    return new Way.To(pipeline, new AsItIs());
  }

  private Replayed replay(Pipeline pipeline) throws InterruptedException {
    return replay(pipeline, NEW);
  }

  private Replayed replay(Pipeline pipeline, Filter filter) throws InterruptedException {
    try (Replay replay = new Replay(letters, topic -> to(pipeline), false)) {
      return replay.run(filter, 0, Long.MAX_VALUE, done -> true);
    }
  }

  private Replayed rehearse(Pipeline pipeline) throws InterruptedException {
    try (Replay replay = new Replay(letters, topic -> to(pipeline), true)) {
      return replay.run(NEW, 0, Long.MAX_VALUE, done -> true);
    }
  }

  @Test
  void whatIsReplayedIsTheRowThatItWouldHaveBeen() throws Exception {
    List<Message> bad =
        List.of(
            Messages.of("given", "{\"n\":\"1\"}"),
            Messages.of(UUID.randomUUID().toString(), "{\"n\":\"2\"}"),
            Messages.of("x".repeat(600), "{\"n\":\"3\"}"),
            Messages.of("nul\0", "{\"n\":\"4\"}"),
            Messages.of("half\ud800", "{\"n\":\"5\"}"),
            minted(0, "{\"n\":\"6\"}"),
            minted(1, "{\"n\":\"6\"}"),
            new Message(
                "flights",
                Payload.utf8("{\"n\":\"7\"}"),
                new Origin(SourceKind.SNS, "sns", Messages.PUBLISHED_AT, 3, Map.of())));
    assertThat(write(pipeline(DECLARED), bad)).allMatch(Outcome.Rejected.class::isInstance);
    List<String> lenient = new ArrayList<>(List.of(DECLARED));
    lenient.add("coerce: lenient");
    Pipeline mended = pipeline(lenient.toArray(String[]::new));
    assertThat(replay(mended).stored()).isEqualTo(bad.size());
    String rows = "SELECT _id, n, t, _event_time, _source FROM flights ORDER BY n, _id";
    List<String> replayed = database.rows(rows);
    database.execute("TRUNCATE flights");
    write(mended, bad);
    assertThat(replayed).hasSize(bad.size()).isEqualTo(database.rows(rows));
    assertThat(letters("status, resolved_at IS NOT NULL")).containsOnly("resolved|t");
  }

  @Test
  void reasonsOfAllKindsAreMendedWhereTheyCanBe() throws Exception {
    database.execute(
        "CREATE TABLE flights (id text, tail text NOT NULL, delay smallint CHECK (delay >= 0))");
    Pipeline pipeline = pipeline("key: $.id");
    write(
        pipeline,
        Messages.of("missing", "{\"id\":\"a\"}"),
        Messages.of("type", "{\"id\":\"b\",\"tail\":\"N1\",\"delay\":\"late\"}"),
        Messages.of("constraint", "{\"id\":\"c\",\"tail\":\"N1\",\"delay\":-5}"),
        Messages.of("nul", "{\"id\":\"d\",\"tail\":\"N\\u0000\"}"),
        Messages.of("broken", "{\"id\":"));
    assertThat(letters("message_id, reason, attempts"))
        .containsExactlyInAnyOrder(
            "missing|field.missing|1",
            "type|field.type|1",
            "constraint|row.constraint|1",
            "nul|field.nul|1",
            "broken|json.malformed|1");
    database.execute("ALTER TABLE flights DROP CONSTRAINT flights_delay_check");
    mend();
    Replayed replayed = replay(pipeline("key: $.id", "nul: strip"));
    assertThat(replayed.stored()).isEqualTo(3);
    assertThat(replayed.rejected()).isEqualTo(Map.of("field.type", 1L, "json.malformed", 1L));
    assertThat(replayed.ended()).isTrue();
    assertThat(letters("message_id, reason, attempts, status"))
        .containsExactlyInAnyOrder(
            "missing|field.missing|1|resolved",
            "type|field.type|2|new",
            "constraint|row.constraint|1|resolved",
            "nul|field.nul|1|resolved",
            "broken|json.malformed|2|new");
    assertThat(database.rows("SELECT _id, tail, delay FROM flights ORDER BY 1"))
        .containsExactly("a||", "c|N1|-5", "d|N|");
  }

  @Test
  void oneThatIsRejectedForAnotherReasonHasTheNewerOne() throws Exception {
    Pipeline pipeline = refused(1);
    mend();
    database.execute("ALTER TABLE flights ADD CONSTRAINT never CHECK (id = 'x')");
    assertThat(replay(pipeline).rejected()).isEqualTo(Map.of("row.constraint", 1L));
    assertThat(letters("reason, sqlstate, \"column\", attempts, status"))
        .containsExactly("row.constraint|23514||2|new");
    assertThat(letters("detail").getFirst()).contains("never");
  }

  /** A message that was rejected for two reasons has two letters, and may not have one twice. */
  @Test
  void twoLettersOfAMessageAreOneRow() throws Exception {
    Pipeline pipeline = refused(1);
    mend();
    database.execute("ALTER TABLE flights ADD CONSTRAINT never CHECK (id = 'x')");
    write(pipeline, Messages.of("m0", "{\"id\":\"f00000\"}"));
    assertThat(replay(pipeline).rejected()).isEqualTo(Map.of("row.constraint", 2L));
    assertThat(letters("reason, attempts")).containsExactly("field.missing|2", "row.constraint|2");
    database.execute("ALTER TABLE flights DROP CONSTRAINT never");
    Replayed replayed = replay(pipeline);
    assertThat(replayed.stored()).isEqualTo(1);
    assertThat(replayed.duplicates()).isEqualTo(1);
    assertThat(letters("status")).containsExactly("resolved", "resolved");
  }

  @Test
  void oneWhoseRowIsThereIsResolvedToo() throws Exception {
    Pipeline pipeline = refused(1);
    write(pipeline, Messages.of("corrected", "{\"id\":\"f00000\",\"tail\":\"N1\"}"));
    assertThat(letters("status")).containsExactly("new");
    mend();
    assertThat(replay(pipeline).duplicates()).isEqualTo(1);
    assertThat(letters("status")).containsExactly("resolved");
    assertThat(database.rows("SELECT tail FROM flights")).containsExactly("N1");
  }

  @Test
  void aTableIsMadeAndChangedForWhatIsReplayed() throws Exception {
    write(pipeline("unknown-fields: reject"), Messages.of("m", "{\"a\":1,\"b\":true}"));
    database.execute("DROP TABLE IF EXISTS flights");
    Replayed rehearsed = rehearse(pipeline());
    assertThat(rehearsed.changes()).isEqualTo(1);
    assertThat(rehearsed.ended()).isTrue();
    assertThat(database.count("SELECT count(*) FROM pg_tables WHERE tablename = 'flights'"))
        .isZero();
    assertThat(replay(pipeline()).stored()).isEqualTo(1);
    assertThat(database.rows("SELECT a, b FROM flights")).containsExactly("1|t");
  }

  @Test
  void aRehearsalSaysWhatWouldBeAndKeepsNothing() throws Exception {
    Pipeline pipeline = refused(3);
    write(
        pipeline,
        Messages.of("there", "{\"id\":\"f00001\",\"tail\":\"N1\"}"),
        Messages.of("broken", "{"));
    mend();
    database.execute("ALTER TABLE flights ADD CONSTRAINT never CHECK (id <> 'f00002')");
    String all = "SELECT * FROM escala.dead_letter ORDER BY id";
    List<String> before = database.rows(all);
    Replayed rehearsed = rehearse(pipeline);
    assertThat(rehearsed.stored()).isEqualTo(1);
    assertThat(rehearsed.duplicates()).isEqualTo(1);
    assertThat(rehearsed.rejected()).isEqualTo(Map.of("row.constraint", 1L, "json.malformed", 1L));
    assertThat(database.rows(all)).isEqualTo(before);
    assertThat(database.rows("SELECT _id FROM flights")).containsExactly("f00001");
    assertThat(replay(pipeline).all()).isEqualTo(rehearsed.all());
  }

  @Test
  void whatWasInterruptedGoesOnAndNothingIsStoredTwice() throws Exception {
    Pipeline pipeline = refused(1200);
    mend();
    try (Replay replay = new Replay(letters, topic -> to(pipeline), false)) {
      assertThatThrownBy(
              () ->
                  replay.run(
                      NEW,
                      0,
                      Long.MAX_VALUE,
                      done -> {
                        throw new IllegalStateException("interrupted after " + done);
                      }))
          .hasMessage("interrupted after 500");
    }
    assertThat(letters.count(NEW, 0)).isEqualTo(700);
    Replayed rest = replay(pipeline);
    assertThat(rest.stored()).isEqualTo(700);
    assertThat(rest.duplicates()).isZero();
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(1200);
    assertThat(letters.count(NEW, 0)).isZero();
    assertThat(replay(pipeline).all()).isZero();
  }

  @Test
  void twoAtOnceStoreEachOnce() throws Exception {
    Pipeline pipeline = refused(2000);
    mend();
    try (PostgresDatabase other = PostgresDatabase.open(PostgresSettings.of(database.url()));
        ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      Pipeline second = pipeline(other, "key: $.id");
      List<Future<Replayed>> replays =
          List.of(both.submit(() -> replay(pipeline)), both.submit(() -> replay(second)));
      long stored = 0;
      for (Future<Replayed> replay : replays) {
        assertThat(replay.get().trouble()).isEmpty();
        stored += replay.get().stored();
      }
      assertThat(stored).isEqualTo(2000);
    }
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(2000);
    assertThat(letters.count(NEW, 0)).isZero();
  }

  @Test
  void troubleOfTheDatabaseStopsItAndNothingIsLost() throws Exception {
    Pipeline pipeline = refused(3);
    write(pipeline, Messages.of("good", "{\"id\":\"good\",\"tail\":\"N1\"}"));
    mend();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE flights");
      Replayed stopped = replay(pipeline);
      assertThat(stopped.trouble().orElseThrow().reason())
          .isEqualTo(ReturnReason.DATABASE_UNAVAILABLE);
      assertThat(stopped.all()).isZero();
      assertThat(stopped.after()).isZero();
      assertThat(stopped.ended()).isFalse();
      assertThat(letters("attempts, status")).containsOnly("1|new");
    }
    assertThat(replay(pipeline).stored()).isEqualTo(3);
  }

  @Test
  void whereTheDatabaseGoesAwayItSaysWhatWasDone() throws Exception {
    Pipeline pipeline = refused(800);
    mend();
    PostgresServer.Database server = PostgresServer.newDatabase();
    String name = database.url().database();
    try (Replay replay = new Replay(letters, topic -> to(pipeline), false)) {
      Replayed some =
          replay.run(
              NEW,
              0,
              Long.MAX_VALUE,
              done -> {
                server.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
                server.rows(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname ="
                        + " '"
                        + name
                        + "'");
                return true;
              });
      assertThat(some.trouble()).isPresent();
      assertThat(some.stored()).isEqualTo(500);
      assertThat(some.after()).isEqualTo(500);
    }
    server.execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
    eventually("the rest is done", () -> replay(pipeline).ended());
    assertThat(letters.count(NEW, 0)).isZero();
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(800);
  }

  @Test
  void whatIsDiscardedIsReplayedOnlyOnPurpose() throws Exception {
    Pipeline pipeline = refused(2);
    mend();
    Filter first =
        new Filter(letters.last() - 1, null, null, DeadLetter.Status.NEW, null, null, null);
    assertThat(letters.discard(first, Long.MAX_VALUE)).isEqualTo(1);
    assertThat(letters.discard(first, Long.MAX_VALUE)).isZero();
    assertThat(replay(pipeline).stored()).isEqualTo(1);
    assertThat(letters("status, resolved_at IS NOT NULL, length(body) > 0"))
        .containsExactly("discarded|t|t", "resolved|t|t");
    assertThat(replay(pipeline, first.withStatus(DeadLetter.Status.DISCARDED)).stored())
        .isEqualTo(1);
    assertThat(letters("status")).containsOnly("resolved");
  }

  @Test
  void manyAndHugeOnesComeInParts() throws Exception {
    String huge = "{\"id\":\"h%d\",\"tail\":7,\"text\":\"" + "x".repeat(3 << 20) + "\"}";
    database.execute("CREATE TABLE flights (id text, tail text NOT NULL, text text)");
    Pipeline pipeline = pipeline("key: $.id", "widen: reject");
    Message[] bad =
        IntStream.range(0, 5)
            .mapToObj(i -> Messages.of("h" + i, huge.formatted(i)))
            .toArray(Message[]::new);
    Arrays.stream(bad).forEach(each -> write(pipeline, each));
    assertThat(letters.messages(NEW, 0, 500, 8 << 20)).hasSize(2);
    assertThat(letters.messages(NEW, 0, 500, 1)).hasSize(1);
    assertThat(letters.messages(NEW, 0, 1, 8 << 20)).hasSize(1);
    database.execute(
        """
        INSERT INTO escala.dead_letter (topic, source, message_id, reason, detail, body, attributes,
          published_at, attempts)
        SELECT 'flights', 'http', 'many' || i, 'field.missing', '', convert_to(
          '{"id":"many' || i || '"}', 'UTF8'), '{}', now(), 1 FROM generate_series(1, 10000) AS i
        """);
    mend();
    List<Long> done = new ArrayList<>();
    try (Replay replay =
        new Replay(letters, topic -> to(pipeline("key: $.id", "coerce: lenient")), false)) {
      assertThat(replay.run(NEW, 0, Long.MAX_VALUE, done::add).stored()).isEqualTo(10_005);
    }
    assertThat(done).hasSizeGreaterThan(20).isSorted().endsWith(10_005L);
    assertThat(database.count("SELECT count(*) FROM flights")).isEqualTo(10_005);
  }

  @Test
  void noMoreThanSoManyAreDoneAndItSaysWhereToGoOn() throws Exception {
    Pipeline pipeline = refused(5);
    try (Replay replay = new Replay(letters, topic -> to(pipeline), false)) {
      Replayed some = replay.run(NEW, 0, 2, done -> true);
      assertThat(some.allRejected()).isEqualTo(2);
      assertThat(some.ended()).isFalse();
      Replayed rest = replay.run(NEW, some.after(), 100, done -> true);
      assertThat(rest.allRejected()).isEqualTo(3);
      assertThat(rest.ended()).isTrue();
    }
    assertThat(letters("attempts")).containsOnly("2");
  }
}
