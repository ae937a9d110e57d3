package dev.escala.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a program to its end. */
record Shell(Map<String, String> environment) {

  /** What it printed on both outputs, and how it ended. */
  record Ended(int exitCode, String output) {}

  Ended run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  /** What it printed; it must end well. */
  String must(String... command) throws IOException, InterruptedException {
    Ended ended = run(List.of(command));
    if (ended.exitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + ended.output());
    }
    return ended.output().strip();
  }
}
