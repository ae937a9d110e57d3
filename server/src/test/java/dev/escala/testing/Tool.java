package dev.escala.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A program that a plain machine may lack; without it, what needs it is skipped by name. */
public record Tool(String name, String debianPackage) {
  public static final Tool PROMTOOL = new Tool("promtool", "prometheus");
  public static final Tool AMTOOL = new Tool("amtool", "prometheus-alertmanager");
  public static final Tool ALERTMANAGER =
      new Tool("prometheus-alertmanager", "prometheus-alertmanager");

  /** How a run ended, with what it said. */
  public record Result(int exitCode, String output) {}

  /** Skips the test where the program is missing. */
  public void require() {
    Assumptions.assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
        name + " is missing; Debian has it in " + debianPackage);
  }

  /** Runs it in a folder until it ends. */
  public Result run(Path folder, String... arguments) throws IOException, InterruptedException {
    Process process = start(folder, arguments);
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return new Result(process.waitFor(), output);
  }

  /** Starts it; both outputs are one. */
  public Process start(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }
}
