package dev.escala.infra;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.testing.Ended;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The command line of Terraform on a copy of infra/ and ops/, so that nothing it writes lies
 * between the sources.
 *
 * @param copy the folder that holds infra and ops
 */
record Terraform(Provider provider, Path copy) {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  /** Skips the test, and says why, where Terraform or its provider is missing. */
  static Terraform orSkip(Path directory) throws IOException {
    assumeTrue(
        Tool.isInstalled("terraform"), "SKIPPED: infra/ is not tested, terraform is missing");
    Optional<Provider> provider = Provider.find(System.getenv());
    assumeTrue(
        provider.isPresent(),
        "SKIPPED: infra/ is not tested, the AWS provider is in no folder; name one in"
            + " TF_PLUGIN_DIR");
    for (String part : List.of("infra", "ops")) {
      copy(REPOSITORY.resolve(part), directory.resolve(part));
    }
    return new Terraform(provider.orElseThrow(), directory);
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = from.relativize(file);
        if (relative.toString().contains(".terraform") || relative.toString().contains("tfstate")) {
          continue;
        }
        Path target = to.resolve(relative.toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  /** A folder below infra/. */
  Path folder(String name) {
    return copy.resolve("infra").resolve(name);
  }

  /** Links the provider and the modules, without a place for the state. */
  void init(String folder) throws IOException, InterruptedException {
    link(folder, "-backend=false");
  }

  /** Links the provider and the modules; the state stays where the backend of the root says. */
  void initWithState(String folder) throws IOException, InterruptedException {
    link(folder);
  }

  private void link(String folder, String... options) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("init", "-input=false"));
    arguments.addAll(List.of(options));
    provider.folder().ifPresent(plugins -> arguments.add("-plugin-dir=" + plugins));
    var _ = run(folder, arguments.toArray(String[]::new)).orFail();
  }

  /** Runs a command in a folder below infra/. */
  Ended run(String folder, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("terraform"));
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command).directory(folder(folder).toFile());
    Map<String, String> environment = process.environment();
    environment.put("TF_CLI_ARGS", "-no-color");
    environment.put("TF_IN_AUTOMATION", "1");
    environment.put("TF_INPUT", "0");
    environment.put("CHECKPOINT_DISABLE", "1");
    if (provider.folder().isPresent()) {
      environment.remove("TF_CLI_CONFIG_FILE");
    }
    // Nothing that this machine knows may reach a real account.
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
    return Ended.run(process);
  }
}
