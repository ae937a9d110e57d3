package dev.escala.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where the data of a demo stays.
 *
 * @param postgresql the directory of PostgreSQL in it
 * @param kept whether an earlier start left data there
 */
record DataDirectory(Path postgresql, boolean kept) {
  /** Of the PostgreSQL that the demo brings. */
  static final String MAJOR_VERSION = "18";

  private static final String ANOTHER = "--data takes another directory.";

  /**
   * Looks at what is there, and makes what is missing: PostgreSQL would tell nothing for a minute.
   *
   * @throws CannotStart where no demo can keep its data there
   */
  static DataDirectory look(Path data) {
    Path postgresql = data.resolve("postgresql").toAbsolutePath();
    try {
      Files.createDirectories(postgresql);
      Path version = postgresql.resolve("PG_VERSION");
      if (!Files.isWritable(postgresql)) {
        throw new CannotStart(postgresql + " may not be written to", ANOTHER);
      }
      if (Files.exists(version)) {
        requireSame(postgresql, Files.readString(version).strip());
        return new DataDirectory(postgresql, true);
      }
      if (!isEmpty(postgresql)) {
        throw new CannotStart(
            postgresql + " holds files that are not of a PostgreSQL",
            "--data takes an empty directory, or one of an earlier demo.");
      }
      return new DataDirectory(postgresql, false);
    } catch (IOException unusable) {
      throw new CannotStart(
          data + " cannot be used as a directory: " + unusable, ANOTHER, unusable);
    }
  }

  private static void requireSame(Path postgresql, String version) {
    if (!version.equals(MAJOR_VERSION)) {
      throw new CannotStart(
          "%s holds data of PostgreSQL %s, and this one is %s"
              .formatted(postgresql, version, MAJOR_VERSION),
          ANOTHER);
    }
    if (!Files.exists(postgresql.resolve("postgresql.conf"))) {
      throw new CannotStart(
          "an earlier start ended while it made " + postgresql,
          "delete that directory, in which nothing was stored yet.");
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }
}
