package dev.escala.delivery;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Runs a program to its end. */
record Shell(Map<String, String> environment) {

  Ended run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder program = new ProcessBuilder(command);
    program.environment().putAll(environment);
    return Ended.run(program);
  }

  /** What it printed; it must end well. */
  String must(String... command) throws IOException, InterruptedException {
    return run(List.of(command)).orFail().output().strip();
  }
}
