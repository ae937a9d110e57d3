package dev.escala.bench;

import dev.escala.app.EscalaCommand;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** NDJSON over HTTP, and from a file, into a table with a unique key, against psql's \copy. */
final class IngestRows {
  private static final String ESCALA = "escala";
  private static final String PEER = "copy";
  private static final String BACKFILL = "backfill";

  private final String ownerUrl;
  private final PackagedServer server;
  private final List<Events.Batch> batches = new Events(42).round();

  IngestRows(String ownerUrl, PackagedServer server) {
    this.ownerUrl = ownerUrl;
    this.server = server;
  }

  void measure(Report report, int rounds) throws Exception {
    Path csv = file(".csv", Events.Batch::csv);
    Path ndjson = file(".ndjson", Events.Batch::ndjson);
    Path configuration = Files.writeString(Files.createTempFile("bench", ".yaml"), loading());
    Contest contest =
        new Contest()
            .add(
                ESCALA,
                Poster.CONNECTIONS + " connections, " + Events.A_BATCH + " a post",
                this::post)
            .add(PEER, "psql \\copy", () -> copy(csv))
            .add(BACKFILL, "escala backfill", () -> backfill(configuration, ndjson))
            .run(rounds);
    double allocated =
        new Allocation(server.pid())
            .each(
                () -> {
                  var _ = post();
                  return (double) Events.A_ROUND;
                });
    for (Path file : List.of(csv, ndjson, configuration)) {
      Files.delete(file);
    }
    report.compare("Ingest, NDJSON over HTTP", contest.best(ESCALA), contest.best(PEER), 0.9);
    report.bound("Allocated for a row of NDJSON", allocated, "bytes", 6_000);
    report.compare("Backfill, NDJSON", contest.best(BACKFILL), contest.best(PEER), 1.3);
  }

  private Path file(String end, Function<Events.Batch, byte[]> content) throws IOException {
    Path file = Files.createTempFile("bench", end);
    try (OutputStream output = Files.newOutputStream(file)) {
      for (Events.Batch batch : batches) {
        output.write(content.apply(batch));
      }
    }
    return file;
  }

  private String loading() {
    return """
    auth: none
    databases: {flights: {url: "%s"}}
    topics:
      loaded: {table: flights.loaded, key: $.event_id, time: $.scheduled_at}
    """
        .formatted(ownerUrl);
  }

  /** The command as it is, but for the start of its process. */
  private double backfill(Path configuration, Path ndjson)
      throws IOException, InterruptedException {
    fresh("loaded");
    long start = System.nanoTime();
    int exit =
        EscalaCommand.exitCode(
            EscalaCommand.commandLine(),
            "backfill",
            "--again",
            "--config=" + configuration,
            "loaded",
            ndjson.toString());
    if (exit != 0) {
      throw new IllegalStateException("backfill ended with " + exit);
    }
    return Events.A_ROUND / ((System.nanoTime() - start) / 1e9);
  }

  private double post() throws Exception {
    fresh("ingested");
    return new Poster(server).rate("ingested", batches);
  }

  private double copy(Path csv) throws IOException, InterruptedException {
    fresh("copied");
    long start = System.nanoTime();
    Shell.psql(
        ownerUrl,
        "\\copy copied (%s, _id, _event_time, _source) FROM '%s' (FORMAT csv)"
            .formatted(Events.COLUMNS, csv));
    return Events.A_ROUND / ((System.nanoTime() - start) / 1e9);
  }

  /** Both start with an empty table, and with nothing left to write by the checkpointer. */
  private void fresh(String table) throws IOException, InterruptedException {
    Shell.psql(
        ownerUrl,
        "CREATE TABLE IF NOT EXISTS " + Events.TABLE.formatted(table).replace("CREATE TABLE ", ""));
    Shell.psql(ownerUrl, "TRUNCATE " + table);
  }
}
