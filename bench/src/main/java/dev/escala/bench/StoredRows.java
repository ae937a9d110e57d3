package dev.escala.bench;

import dev.escala.app.HttpClients;
import dev.escala.embedded.PackagedServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.locks.LockSupport;

/** What a server counts of the rows that it stored. */
final class StoredRows {
  /** Between two looks at the counter: seldom enough to cost next to nothing. */
  private static final long LOOK_NANOS = 100_000_000;

  private StoredRows() {}

  /**
   * Rows a second, from when so many are stored to when all are: neither the start of the JVM
   * counts, nor its first rows.
   */
  static double rate(PackagedServer process, int warm, int all)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClients.create()) {
      long first = 0;
      long before = 0;
      while (true) {
        long stored = stored(client, process);
        long now = System.nanoTime();
        if (first == 0 && stored >= warm) {
          first = now;
          before = stored;
        }
        if (stored >= all) {
          return (all - before) / ((now - first) / 1e9);
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private static long stored(HttpClient client, PackagedServer process)
      throws IOException, InterruptedException {
    var answer =
        client.send(
            HttpRequest.newBuilder(process.adminUrl("/metrics")).build(), BodyHandlers.ofString());
    return answer
        .body()
        .lines()
        .filter(line -> line.startsWith("ingest_rows_total") && line.contains("\"stored\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
