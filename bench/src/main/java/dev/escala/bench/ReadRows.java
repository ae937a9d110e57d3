package dev.escala.bench;

import dev.escala.embedded.FirstReads;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The read rows of the design: the same statements through the API and through pgbench. */
final class ReadRows {
  private static final int ROWS = 1_000_000;
  private static final List<Integer> CLIENTS = List.of(4, 8, 16);
  private static final List<Integer> CONNECTIONS = List.of(16, 32, 64);

  private static final String ESCALA = "escala";
  private static final String PEER = "pgbench";
  private static final String JSON_PEER = "json_agg";
  private static final String PLAIN = "identity";

  private final String ownerUrl;
  private final PackagedServer server;
  private final int rounds;
  private final int seconds;

  ReadRows(String ownerUrl, PackagedServer server, int rounds, int seconds) {
    this.ownerUrl = ownerUrl;
    this.server = server;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /** A million flights with a key, and an index for the filtered and ordered read. */
  static void prepare(String ownerUrl) throws IOException, InterruptedException {
    Shell.psql(
        ownerUrl,
        """
        CREATE TABLE read_rows AS
        SELECT n AS id,
               timestamptz '2001-01-01' + n * interval '7 seconds' AS scheduled_at,
               chr(65 + n %% 26) || chr(65 + n / 26 %% 26) || 'X' AS origin,
               chr(65 + n / 7 %% 26) || 'YZ' AS destination,
               n::bigint * 7919 %% 400 - 60 AS delay_minutes,
               n::bigint * 104729 %% 2500 AS distance_miles
        FROM generate_series(1, %d) n;
        ALTER TABLE read_rows ADD PRIMARY KEY (id);
        CREATE INDEX ON read_rows (origin, delay_minutes DESC);
        GRANT SELECT ON read_rows TO escala_reader;
        """
            .formatted(ROWS));
    Shell.psql(ownerUrl, "VACUUM (ANALYZE, FREEZE) read_rows");
  }

  void measure(Report report) throws Exception {
    FirstReads.await(server.url("/flights/read_rows?limit=1"));
    Path byKey =
        Shell.script(
            ".sql", "\\set id random(1, 1000000)\nSELECT * FROM read_rows WHERE id = :id;");
    Contest key = contest("?id=eq.\" .. math.random(1, 1000000)", byKey).run(rounds);
    report.compare("Row by key", key.best(ESCALA), key.best(PEER), 1.3);
    Path one = script("?id=eq.\" .. math.random(1, 1000000)");
    report.bound("Allocated for a row by key", allocated(one), "bytes", 16_000);

    Path filtered =
        Shell.script(
            ".sql",
            """
            \\set d random(-60, 100)
            SELECT * FROM read_rows WHERE origin = 'LAX' AND delay_minutes >= :d
            ORDER BY delay_minutes DESC LIMIT 20;
            """);
    String twenty =
        "?origin=eq.LAX&delay_minutes=gte.\" .. math.random(-60, 100)"
            + " .. \"&order=delay_minutes.desc&limit=20\"";
    Contest page = contest(twenty, filtered).run(rounds);
    report.compare("20 rows filtered and ordered", page.best(ESCALA), page.best(PEER), 0.9);

    String thousand = "SELECT * FROM read_rows WHERE id >= :id ORDER BY id LIMIT 1000";
    String set = "\\set id random(1, 990000)\n";
    Path rows = Shell.script(".sql", set + thousand + ";");
    Path json = Shell.script(".sql", set + "SELECT json_agg(t) FROM (" + thousand + ") t;");
    Contest large =
        contest("?id=gte.\" .. math.random(1, 990000) .. \"&order=id&limit=1000\"", rows)
            .add(JSON_PEER, "json_agg, 4 clients", () -> Shell.pgbench(ownerUrl, json, 4, seconds))
            .run(rounds);
    report.compare("1,000 rows", large.best(ESCALA), large.best(PEER), 1.3);
    report.compare("1,000 rows as JSON", large.best(ESCALA), large.best(JSON_PEER), 4);
    packed(report);
  }

  /** What packing costs where the network does not count: the client is on the same machine. */
  private void packed(Report report) throws Exception {
    Contest packed = new Contest();
    for (String coding : List.of(PLAIN, "gzip", "zstd")) {
      Path script =
          Shell.script(
              ".lua",
              """
              wrk.headers["Accept-Encoding"] = "%s"
              request = function()
                return wrk.format("GET", "/flights/read_rows?id=gte." .. math.random(1, 990000)
                  .. "&order=id&limit=1000")
              end
              """
                  .formatted(coding));
      packed.add(
          coding,
          coding + ", 16 connections",
          () -> Shell.wrk(server.url("/").toString(), script, 16, seconds));
    }
    packed.run(rounds);
    report.compare("1,000 rows, zstd", packed.best("zstd"), packed.best(PLAIN), 0.7);
    report.compare("1,000 rows, gzip", packed.best("gzip"), packed.best(PLAIN), 0.4);
  }

  private double allocated(Path script) throws Exception {
    return new Allocation(server.pid())
        .each(() -> seconds * Shell.wrk(server.url("/").toString(), script, 64, seconds));
  }

  private static Path script(String luaQuery) throws IOException {
    return Shell.script(
        ".lua",
        "request = function() return wrk.format(\"GET\", \"/flights/read_rows"
            + luaQuery
            + ") end\n");
  }

  /** The API at several numbers of connections, pgbench at several numbers of clients. */
  private Contest contest(String luaQuery, Path statement) throws IOException {
    Path script = script(luaQuery);
    Contest contest = new Contest();
    for (int connections : CONNECTIONS) {
      contest.add(
          ESCALA,
          connections + " connections",
          () -> Shell.wrk(server.url("/").toString(), script, connections, seconds));
    }
    for (int clients : CLIENTS) {
      contest.add(
          PEER,
          "pgbench, " + clients + " clients",
          () -> Shell.pgbench(ownerUrl, statement, clients, seconds));
    }
    return contest;
  }
}
