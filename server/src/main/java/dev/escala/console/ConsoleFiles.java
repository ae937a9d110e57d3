package dev.escala.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the console consists of: the files of {@code files.list}, and no other of the class path.
 *
 * @param version of all of them together, by their content
 */
record ConsoleFiles(String version, ConsolePage page, Map<String, ConsoleFile> files) {
  private static final String LIST = "files.list";
  private static final String PAGE = "index.html";
  private static final int VERSION_OCTETS = 8;

  ConsoleFiles {
    files = Map.copyOf(files);
  }

  /** From the class path; takes some milliseconds. */
  static ConsoleFiles read() {
    byte[] page = resource(PAGE);
    MessageDigest digest = Sha256.digest();
    digest.update(page);
    Map<String, ConsoleFile> files = new LinkedHashMap<>();
    for (Listed listed : list()) {
      byte[] bytes = resource(listed.resource());
      digest.update(listed.name().getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
      files.put(listed.name(), new ConsoleFile(listed.name(), bytes));
    }
    String version = HexFormat.of().formatHex(digest.digest(), 0, VERSION_OCTETS);
    return new ConsoleFiles(
        version, ConsolePage.of(new String(page, StandardCharsets.UTF_8), version), files);
  }

  /**
   * A file by its name below the version.
   *
   * @param resource where it stands: beside this class, or from the root of the class path
   */
  record Listed(String name, String resource) {
    static Listed of(String line) {
      String[] parts = line.split(" = ", 2);
      return new Listed(parts[0], parts.length == 1 ? parts[0] : "/" + parts[1]);
    }
  }

  static List<Listed> list() {
    return new String(resource(LIST), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Listed::of)
        .toList();
  }

  private static byte[] resource(String name) {
    try (InputStream in = ConsoleFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the class path has no file of the console " + name);
      }
      return in.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
