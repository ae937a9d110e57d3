package dev.escala.bench;

import dev.escala.embedded.FirstReads;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** What reading all of a large relation costs: in pages, and as one stream. */
final class WalkRows {
  private static final long ROWS = 3_000_000;
  private static final long STREAMED_ROWS = 1_000_000;
  private static final int CONNECTIONS = 8;
  private static final long BETWEEN_LOOKS = 20_000_000;

  private static final String START = "start";
  private static final String END = "end";
  private static final String OFFSET = "offset";
  private static final String ESCALA = "escala";
  private static final String PEER = "psql";

  private final String ownerUrl;
  private final PackagedServer server;
  private final int rounds;
  private final int seconds;

  WalkRows(String ownerUrl, PackagedServer server, int rounds, int seconds) {
    this.ownerUrl = ownerUrl;
    this.server = server;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /** Three million rows with an order beside that of the key, and a million of a kilobyte. */
  static void prepare(String ownerUrl) throws IOException, InterruptedException {
    Shell.psql(
        ownerUrl,
        """
        CREATE TABLE walk_rows AS
        SELECT n AS id, timestamptz '2001-01-01' + n / 10 * interval '7 seconds' AS scheduled_at,
               chr(65 + n %% 26) || 'YZ' AS origin, n::bigint * 7919 %% 400 AS delay_minutes
        FROM generate_series(1, %d) n;
        ALTER TABLE walk_rows ADD PRIMARY KEY (id), ALTER scheduled_at SET NOT NULL;
        CREATE INDEX ON walk_rows (scheduled_at, id);
        CREATE TABLE stream_rows AS
        SELECT n AS id, repeat(md5(n::text), 31) AS text FROM generate_series(1, %d) n;
        GRANT SELECT ON walk_rows, stream_rows TO escala_reader;
        """
            .formatted(ROWS, STREAMED_ROWS));
    Shell.psql(ownerUrl, "VACUUM (ANALYZE, FREEZE) walk_rows, stream_rows");
  }

  void measure(Report report) throws Exception {
    FirstReads.await(server.url("/flights/walk_rows?limit=1"));
    Contest byKey = new Contest();
    pages(byKey, START, "?limit=1000&after=");
    pages(byKey, END, "?limit=1000&after=" + position(ROWS - 1_500));
    pages(byKey, OFFSET, "?limit=1000&order=id&offset=" + (ROWS - 1_500));
    byKey.run(rounds);
    report.compare("Page at the end, by key", byKey.best(END), byKey.best(START), 0.8);
    report.compare("The same page, by offset", byKey.best(END), byKey.best(OFFSET), 10);

    String time = Shell.text(ownerUrl, "SELECT scheduled_at FROM walk_rows WHERE id = 2998500");
    Contest byTime = new Contest();
    pages(byTime, START, "?limit=1000&order=scheduled_at&after=");
    pages(byTime, END, "?limit=1000&order=scheduled_at&after=" + position(time, 2_998_500));
    byTime.run(rounds);
    report.compare("Page at the end, by time", byTime.best(END), byTime.best(START), 0.8);
    stream(report);
  }

  private void pages(Contest contest, String side, String query) throws IOException {
    Path script =
        Shell.script(
            ".lua",
            "request = function() return wrk.format(\"GET\", \"/flights/walk_rows"
                + query
                + "\") end\n");
    contest.add(
        side,
        "at the " + side,
        () -> Shell.wrk(server.url("/").toString(), script, CONNECTIONS, seconds));
  }

  /** As the link of the page before has it. */
  private static String position(Object... values) {
    String text =
        List.of(values).stream().map(each -> "=" + each + '\0').collect(Collectors.joining());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void stream(Report report) throws Exception {
    double before = Shell.residentMebibytes(server.pid());
    Largest largest = new Largest(server.pid());
    String url = server.url("/flights/stream_rows?format=ndjson").toString();
    Contest streams =
        new Contest()
            .add(ESCALA, "NDJSON", () -> rate(List.of("curl", "-sSf", "-o", "/dev/null", url)))
            .add(
                PEER,
                "COPY of row_to_json",
                () ->
                    rate(
                        List.of(
                            "psql",
                            "-qX",
                            "-o",
                            "/dev/null",
                            "-c",
                            "COPY (SELECT row_to_json(s) FROM stream_rows s) TO STDOUT",
                            ownerUrl)))
            .run(1);
    report.compare("Rows of a stream of 1 GB", streams.best(ESCALA), streams.best(PEER), 0.5);
    report.bound("Memory that 1 GB takes beyond before", largest.stop() - before, "MiB", 64);
  }

  /** Rows a second. */
  private static double rate(List<String> command) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Shell.run(command);
    return STREAMED_ROWS * 1e9 / (System.nanoTime() - start);
  }

  /** Looks again and again how much memory a process has. */
  private static final class Largest {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread thread;
    private double largest;

    Largest(long pid) {
      thread = Thread.ofPlatform().daemon().start(() -> look(pid));
    }

    private void look(long pid) {
      while (!over.get()) {
        try {
          largest = Math.max(largest, Shell.residentMebibytes(pid));
        } catch (IOException ended) {
          return;
        }
        LockSupport.parkNanos(BETWEEN_LOOKS);
      }
    }

    double stop() throws InterruptedException {
      over.set(true);
      thread.join();
      return largest;
    }
  }
}
