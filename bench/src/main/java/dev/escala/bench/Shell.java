package dev.escala.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the tools that are measured against. */
final class Shell {
  private static final int MOST_TRIES = 10;

  private Shell() {}

  /**
   * The output of a command.
   *
   * @throws IllegalStateException with that output, if the command failed
   */
  static String run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("bench", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int exit = process.waitFor();
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (exit != 0) {
        throw new IllegalStateException(String.join(" ", command) + "\n" + text);
      }
      return text;
    } finally {
      Files.delete(output);
    }
  }

  /** Transactions a second of a pgbench script, with so many clients. */
  static double pgbench(String url, Path script, int clients, int seconds)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("pgbench", "-n", "-M", "prepared"));
    command.addAll(List.of("-c", Integer.toString(clients), "-j", "2"));
    command.addAll(List.of("-T", Integer.toString(seconds), "-f", script.toString(), url));
    return number(run(command), "tps = ([0-9.]+)");
  }

  /**
   * Requests a second of a wrk script, with so many connections; any error answer fails the run.
   */
  static double wrk(String url, Path script, int connections, int seconds)
      throws IOException, InterruptedException {
    String output =
        run(
            List.of(
                "wrk",
                "-t1",
                "-c" + connections,
                "-d" + seconds + "s",
                "-s",
                script.toString(),
                url));
    if (output.contains("Non-2xx")) {
      throw new IllegalStateException("answers with errors\n" + output);
    }
    return number(output, "Requests/sec:\\s+([0-9.]+)");
  }

  /** Leaves one core to all threads that a process has now, and to what they start. */
  static void pin(long pid, int core) throws IOException, InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        run(List.of("taskset", "-apc", Integer.toString(core), Long.toString(pid)));
        return;
      } catch (IllegalStateException failed) {
        // A thread that has ended since taskset listed it ends taskset, too.
        if (tries == MOST_TRIES) {
          throw failed;
        }
      }
    }
  }

  static void psql(String url, String sql) throws IOException, InterruptedException {
    run(List.of("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-c", sql, url));
  }

  /** The only number that a statement gives. */
  static long count(String url, String sql) throws IOException, InterruptedException {
    return Long.parseLong(text(url, sql));
  }

  /** The only value that a statement gives. */
  static String text(String url, String sql) throws IOException, InterruptedException {
    return run(List.of("psql", "-q", "-X", "-A", "-t", "-c", sql, url)).strip();
  }

  private static double number(String output, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException("no " + pattern + " in\n" + output);
    }
    return Double.parseDouble(matcher.group(1));
  }

  /** A file for a tool, gone at the end. */
  static Path script(String suffix, String text) throws IOException {
    Path file = Files.createTempFile("bench", suffix);
    file.toFile().deleteOnExit();
    return Files.writeString(file, text);
  }

  /** The resident set in MiB: what a process has of the machine's memory now. */
  static double residentMebibytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Double.parseDouble(line.replaceAll("\\D+", "")) / 1024;
      }
    }
    throw new IllegalStateException("no VmRSS");
  }
}
