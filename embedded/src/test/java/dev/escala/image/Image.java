package dev.escala.image;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the image holds, put together in a folder, and how its processes are started. */
record Image(Path folder) {
  private static final Path SCRIPTS = Path.of("..", "image");

  /** Runs {@code image/assemble}, as the Dockerfile does. */
  static Image assemble(Path folder) throws IOException, InterruptedException {
    Path log = Files.createTempFile("assemble", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(SCRIPTS.resolve("assemble").toString(), folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    if (builder.start().waitFor() != 0) {
      throw new IOException("image/assemble failed: " + Files.readString(log));
    }
    return new Image(folder);
  }

  /** A file of the image by its path in the image. */
  Path file(String path) {
    return folder.resolve(path.substring(1));
  }

  /** Starts a command as the image would; what it prints goes to the file. */
  Process start(List<String> command, Map<String, String> environment, Path output)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add(SCRIPTS.resolve("run").toString());
    all.add(folder.toString());
    all.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(output.toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** The names of the jars in {@code lib/}. */
  List<String> libraries() throws IOException {
    try (Stream<Path> jars = Files.list(file("/opt/escala/app/lib"))) {
      return jars.map(jar -> jar.getFileName().toString()).sorted().toList();
    }
  }
}
