package dev.escala.bench;

import dev.escala.bench.Attack.Beginning;
import dev.escala.bench.Generator.Request;
import dev.escala.embedded.FirstReads;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What somebody honest is answered while one client does its worst, and what is left of it. */
final class Hostile {
  static final String COLUMNS =
      "| | Reads and posts, p50, p99 | Hold | Held | Answered otherwise | Posts stored, of those"
          + " sent | `/ping` | Left: sockets, threads, transactions, MiB |\n"
          + "|---|---|---|---|---|---|---|---|";

  private static final double HOLD_MILLIS = 250;
  private static final double RATE = 100;
  private static final int HONEST = 50;

  /** Nobody tells when a process has let go of what it had; it has to be looked at. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private static final Duration SETTLING = Duration.ofSeconds(30);

  private final PackagedServer server;
  private final String ownerUrl;
  private final Duration turn;
  private final List<String> lines = new ArrayList<>();
  private int next;

  private record Left(long sockets, long threads, long transactions, double mebibytes) {
    boolean isNoMoreThan(Left before) {
      return sockets <= before.sockets + 2 && transactions <= before.transactions;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%d, %d, %d, %.0f", sockets, threads, transactions, mebibytes);
    }
  }

  Hostile(PackagedServer server, String ownerUrl, int seconds) {
    this.server = server;
    this.ownerUrl = ownerUrl;
    this.turn = Duration.ofSeconds(Math.max(5, seconds));
  }

  /** Rows for large answers, a table for honest posts, and a function that catches its cancel. */
  static void prepare(String ownerUrl) throws IOException, InterruptedException {
    Shell.psql(
        ownerUrl,
        """
        CREATE TABLE wide AS SELECT n, repeat(md5(n::text), 32000) AS text FROM generate_series(1, 8) n;
        GRANT SELECT ON wide TO escala_reader;
        CREATE FUNCTION stubborn(n int) RETURNS int LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
          FOR i IN 1..10 LOOP
            BEGIN PERFORM pg_sleep(1); EXCEPTION WHEN query_canceled THEN NULL; END;
          END LOOP;
          RETURN n;
        END $$;
        GRANT EXECUTE ON FUNCTION stubborn TO escala_reader
        """);
  }

  List<String> measure() throws Exception {
    FirstReads.await(server.url("/flights/read_rows?limit=1"));
    honest(turn); // warms up
    during("nothing", attack -> {});
    during("answers that nobody reads, HTTP/1.1", Attack::unreadAnswers);
    during("answers that nobody reads, HTTP/2", Attack::unreadStreams);
    during("half requests", Attack::halfRequests);
    during("SQL that ignores its cancel", Attack::slowSql);
    during("reads that are slow", Attack::slowReads);
    during("readers that are slow", Attack::slowReaders);
    during("gzip bodies", Attack::packedBodies);
    during("refusals in a flood", Attack::refusals);
    during("reads in a flood", Attack::flood);
    during("invented topics", Attack::inventedTopics);
    return lines;
  }

  private void during(String what, Beginning beginning) throws Exception {
    Left before = left();
    long rows = rows();
    int sent = next;
    Tally tally;
    Tally pings;
    try (var _ = new Attack(port(), beginning)) {
      tally = honest(turn);
      pings = ping();
    }
    Left after = settled(before);
    double p99 = tally.good().percentile(99);
    line(
        String.format(
            Locale.ROOT,
            "| %s | %.1f, %.1f ms | < %.0f ms | %s | %s | %,d of %,d | %s | %s |",
            what,
            tally.good().percentile(50),
            p99,
            HOLD_MILLIS,
            p99 < HOLD_MILLIS && tally.isAllGood() ? "yes" : "**no**",
            otherwise(tally),
            rows() - rows,
            next - sent,
            pings.isAllGood() ? "yes" : "**no**",
            after + " (before " + before + ")"));
  }

  private static String otherwise(Tally tally) {
    String refused = tally.refused().count() == 0 ? "" : "refused=" + tally.refused().count();
    return tally.others().isEmpty() ? refused.isEmpty() ? "–" : refused : refused + tally.others();
  }

  private Left settled(Left before) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Left after = left();
    while (!after.isNoMoreThan(before) && System.nanoTime() - start < SETTLING.toNanos()) {
      Thread.sleep(BETWEEN_LOOKS);
      after = left();
    }
    return after;
  }

  /** Of five requests four read by key and one publishes. */
  private Tally honest(Duration time) throws IOException {
    Requests reads = Requests.byKey();
    int[] turns = {0};
    Supplier<Request> mixed = () -> turns[0]++ % 5 == 0 ? post() : reads.get();
    try (Generator generator = new Generator(port(), HONEST, 1)) {
      return generator.open(mixed, RATE, time);
    }
  }

  private Request post() {
    String body = "{\"n\":" + next++ + "}";
    return request(
        "post",
        "POST /topics/honest HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body));
  }

  private Tally ping() throws IOException {
    Request ping = request("ping", "GET /ping HTTP/1.1\r\nHost: a\r\n\r\n");
    try (Generator generator = new Generator(port(), HONEST, 1)) {
      return generator.open(() -> ping, 20, Duration.ofSeconds(1));
    }
  }

  private static Request request(String kind, String text) {
    byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
    return new Request(kind, ByteBuffer.allocateDirect(octets.length).put(octets).flip());
  }

  private int port() {
    return server.url("/").getPort();
  }

  private long rows() throws IOException, InterruptedException {
    return Shell.count(ownerUrl, "SELECT count(*) FROM honest");
  }

  private Left left() throws IOException, InterruptedException {
    Path process = Path.of("/proc", Long.toString(server.pid()));
    long sockets;
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      sockets = files.filter(Hostile::isSocket).count();
    }
    long threads;
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      threads = tasks.count();
    }
    return new Left(
        sockets,
        threads,
        Shell.count(
            ownerUrl,
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'escala'"
                + " AND state <> 'idle' AND now() - xact_start > interval '1 second'"),
        Shell.residentMebibytes(server.pid()));
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException closed) {
      return false;
    }
  }

  private void line(String line) {
    lines.add(line);
    System.err.println(line);
  }
}
