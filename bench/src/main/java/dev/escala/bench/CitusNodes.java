package dev.escala.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A coordinator of Citus and two workers, with what their processes compute. What starts them
 * stands beside the repository, as for the tests.
 */
final class CitusNodes implements AutoCloseable {
  static final int NODES = 3;

  /** Of Linux, as programs see it. */
  private static final long MILLIS_OF_TICK = 10;

  private static final Path STARTING = Path.of("../shared/citus/start.sh").toAbsolutePath();
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql/15");

  private final Path data;
  private final int port;

  private CitusNodes(Path data, int port) {
    this.data = data;
    this.port = port;
  }

  /** Whether this machine has what it takes. */
  static boolean areThere() {
    return Files.isExecutable(STARTING) && Files.isDirectory(POSTGRES);
  }

  static CitusNodes start() throws IOException, InterruptedException {
    // Its processes are another user's, who has to reach it.
    Path folder =
        Files.createTempDirectory(
            "bench-citus",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    CitusNodes nodes = new CitusNodes(folder.resolve("cluster"), freePorts());
    nodes.command(STARTING.toString(), nodes.data.toString(), Integer.toString(nodes.port));
    Shell.psql(
        nodes.url(),
        "ALTER DATABASE escala SET citus.max_cached_conns_per_worker = 16;"
            + " ALTER DATABASE escala SET timezone = 'UTC'");
    return nodes;
  }

  private static int freePorts() throws IOException {
    while (true) {
      List<ServerSocket> taken = new ArrayList<>();
      try {
        taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        int first = taken.getFirst().getLocalPort();
        for (int i = 1; i < NODES; i++) {
          taken.add(new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()));
        }
        return first;
      } catch (IOException | IllegalArgumentException used) {
        // the next three
      } finally {
        for (ServerSocket socket : taken) {
          socket.close();
        }
      }
    }
  }

  /** That of the coordinator. */
  String url() {
    return "postgresql://postgres:postgres@127.0.0.1:" + port + "/escala";
  }

  /** What the processes of all nodes have computed, of those too that are gone, to a tick. */
  Duration computed() throws IOException {
    long ticks = 0;
    for (int node = 0; node < NODES; node++) {
      Path pid = data.resolve("node" + node).resolve("postmaster.pid");
      ProcessHandle postmaster =
          ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst())).orElseThrow();
      long others = postmaster.descendants().mapToLong(each -> ticks(each, 2)).sum();
      ticks += ticks(postmaster, 4) + others;
    }
    return Duration.ofMillis(ticks * MILLIS_OF_TICK);
  }

  /** Of user and system, and with four fields those of children that ended. */
  private static long ticks(ProcessHandle process, int fields) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return Arrays.stream(stat.substring(stat.lastIndexOf(')') + 2).split(" "))
          .skip(11)
          .limit(fields)
          .mapToLong(Long::parseLong)
          .sum();
    } catch (IOException ended) {
      return 0; // its parent has it by now
    }
  }

  /** What it starts lives on, and would hold a pipe open: it writes nowhere. */
  private void command(String... command) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException(String.join(" ", command) + " ended with " + exit);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      command(STARTING.toString(), "stop", data.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(data.getParent())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
