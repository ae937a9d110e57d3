package dev.escala.testing;

import dev.escala.config.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A coordinator of Citus and two workers of one test class, which may be killed and come back. What
 * makes it stands beside the repository: it is no part of the product.
 */
public final class CitusCluster implements AutoCloseable {
  public static final int COORDINATOR = 0;
  public static final int NODES = 3;

  /** Of Linux, as programs see it. */
  private static final long MILLIS_OF_TICK = 10;

  private static final Path STARTING =
      Path.of("../../shared/citus/start.sh").toAbsolutePath().normalize();
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql/15");

  private final Path folder;
  private final Path data;
  private final int port;

  private CitusCluster(Path folder, int port) {
    this.folder = folder;
    this.data = folder.resolve("cluster");
    this.port = port;
  }

  /** Starts one; where a machine lacks what that takes, the tests are skipped by name. */
  public static CitusCluster start() {
    Assumptions.assumeTrue(Files.isExecutable(STARTING), "../shared/citus is missing");
    Assumptions.assumeTrue(
        Files.isDirectory(POSTGRES), "postgresql-15 is missing; Debian has it by that name");
    Assumptions.assumeTrue(Tool.isInstalled("zstd"), "zstd is missing; Debian has it by that name");
    try {
      // Its processes are another user's, who has to reach it.
      Path folder =
          Files.createTempDirectory(
              "citus",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      CitusCluster cluster = new CitusCluster(folder, freePorts());
      ProcessBuilder starting =
          new ProcessBuilder(
              STARTING.toString(), cluster.data.toString(), Integer.toString(cluster.port));
      starting
          .environment()
          .put("CONF", "timezone = 'UTC'\ncitus.recover_2pc_interval = 1s\nfsync = off");
      cluster.run(starting);
      return cluster;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static int freePorts() throws IOException {
    while (true) {
      int first = FreePort.find();
      List<ServerSocket> taken = new ArrayList<>();
      try {
        for (int i = 0; i < NODES; i++) {
          taken.add(new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress()));
        }
        return first;
      } catch (IOException used) {
        // the next three
      } finally {
        for (ServerSocket socket : taken) {
          socket.close();
        }
      }
    }
  }

  /** That of the coordinator. */
  public PostgresServer.Database database() {
    return node(COORDINATOR);
  }

  /** The same database on a node, with what this one has of it. */
  public PostgresServer.Database node(int number) {
    return new PostgresServer.Database(
        new DatabaseUrl("127.0.0.1", port(number), "escala", "postgres", "postgres", Map.of()));
  }

  public int port(int node) {
    return port + node;
  }

  /** As if its power had gone: nobody is told. Returns when it does not answer any more. */
  public void kill(int node) {
    control(node, "stop", "-m", "immediate");
  }

  /** Returns when it answers. */
  public void revive(int node) {
    control(node, "start", "-l", data.resolve("node" + node + ".log").toString());
  }

  /** What the processes of a node have computed, of those too that are gone, to a tick. */
  public Duration processorTime(int node) {
    Path pid = data.resolve("node" + node).resolve("postmaster.pid");
    try {
      ProcessHandle postmaster =
          ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst())).orElseThrow();
      long others = postmaster.descendants().mapToLong(each -> ticks(each, 2)).sum();
      return Duration.ofMillis((ticks(postmaster, 4) + others) * MILLIS_OF_TICK);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
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

  private void control(int node, String... what) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(data.resolve("pg/lib/postgresql/15/bin/pg_ctl").toString());
    command.addAll(List.of("-D", data.resolve("node" + node).toString(), "-w"));
    command.addAll(List.of(what));
    try {
      run(new ProcessBuilder(command).directory(data.toFile()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What it starts lives on, and would hold a pipe open: it writes into a file. */
  private void run(ProcessBuilder program) throws IOException {
    Path log = folder.resolve("log");
    Process process =
        program
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()))
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    Eventually.eventually("it ends: " + program.command(), () -> !process.isAlive());
    if (process.exitValue() != 0) {
      throw new AssertionError(program.command() + " failed:\n" + Files.readString(log));
    }
  }

  @Override
  public void close() {
    try {
      run(new ProcessBuilder(STARTING.toString(), "stop", data.toString()));
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
