package dev.escala.testing;

import java.io.File;
import java.io.IOException;
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

  /** Whether the PATH leads to a program of this name. */
  public static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Skips the test where the program is missing. */
  public void require() {
    Assumptions.assumeTrue(
        isInstalled(name), name + " is missing; Debian has it in " + debianPackage);
  }

  /** Runs it in a folder until it ends. */
  public Ended run(Path folder, String... arguments) throws IOException, InterruptedException {
    return Ended.run(process(folder, arguments));
  }

  /** Starts it; both outputs are one. */
  public Process start(Path folder, String... arguments) throws IOException {
    return process(folder, arguments).redirectErrorStream(true).start();
  }

  private ProcessBuilder process(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile());
  }
}
