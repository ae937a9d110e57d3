import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs google-java-format on every Java file below a folder: {@code java Format.java JAR FOLDER}.
 *
 * <p>With {@code CI=true} in the environment nothing is written and a file that is not formatted
 * fails the build; otherwise the files are formatted in place. The formatter reads the newest
 * syntax only on the newest JDK, so it runs on the selected toolchain, not inside Maven's JVM.
 */
void main(String[] arguments) throws IOException, InterruptedException {
  Path folder = Path.of(arguments[1]);
  List<String> files = new ArrayList<>();
  if (Files.isDirectory(folder)) {
    try (var paths = Files.walk(folder)) {
      paths.map(Path::toString).filter(path -> path.endsWith(".java")).sorted().forEach(files::add);
    }
  }
  if (files.isEmpty()) {
    return;
  }
  boolean checkOnly = "true".equals(System.getenv("CI"));
  List<String> command = new ArrayList<>();
  command.add(ProcessHandle.current().info().command().orElse("java"));
  command.addAll(List.of("-jar", arguments[0]));
  command.addAll(checkOnly ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
  command.addAll(files);
  int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
  if (exit != 0) {
    System.err.println(
        checkOnly
            ? "The files named above are not formatted: run the build once without CI=true."
            : "google-java-format failed");
    System.exit(1);
  }
}
