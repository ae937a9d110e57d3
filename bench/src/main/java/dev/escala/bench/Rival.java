package dev.escala.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Another server that answers HTTP out of the same database, as a small file tells: {@code
 * bench/rivals/*.properties}.
 *
 * @param folder in which its commands run
 * @param install a command, run once before
 * @param command with {@code {url}} of the database and {@code {port}}
 * @param row the path of one row, with {@code {id}}; null where it cannot answer that, like those
 *     that follow
 * @param twenty that of 20 rows, with {@code {delay}}
 * @param thousand that of 1,000 rows, with {@code {id}}
 */
record Rival(
    String name,
    Path folder,
    List<String> install,
    List<String> command,
    @Nullable String row,
    @Nullable String twenty,
    @Nullable String thousand) {

  /** All that there are, by the names of their files. */
  static List<Rival> all(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(file -> file.toString().endsWith(".properties")).sorted().toList();
    }
    List<Rival> rivals = new ArrayList<>();
    for (Path file : files) {
      rivals.add(read(file));
    }
    return rivals;
  }

  private static Rival read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return new Rival(
        text(file, properties, "name"),
        file.resolveSibling(text(file, properties, "folder")),
        words(text(file, properties, "install")),
        words(text(file, properties, "command")),
        properties.getProperty("row"),
        properties.getProperty("twenty"),
        properties.getProperty("thousand"));
  }

  private static String text(Path file, Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException(file + " lacks " + key);
    }
    return value;
  }

  private static List<String> words(String command) {
    return List.of(command.split(" +", -1));
  }

  /** Installs and starts it; it may not answer yet. */
  Process start(String url, int port) throws IOException, InterruptedException {
    int installed = in(install).start().waitFor();
    if (installed != 0) {
      throw new IllegalStateException(String.join(" ", install) + " ended with " + installed);
    }
    return in(command.stream()
            .map(word -> word.replace("{url}", url).replace("{port}", Integer.toString(port)))
            .toList())
        .start();
  }

  private ProcessBuilder in(List<String> words) {
    return new ProcessBuilder(words)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
  }
}
