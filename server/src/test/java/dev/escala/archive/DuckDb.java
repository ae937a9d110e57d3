package dev.escala.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** DuckDB as Python has it, where it is installed: docs/clients.md says how. */
final class DuckDb {
  private DuckDb() {}

  static boolean isInstalled(Path folder) throws InterruptedException {
    try {
      return run(folder, "import duckdb, pyarrow").waitFor() == 0;
    } catch (IOException noPython) {
      return false;
    }
  }

  private static Process run(Path folder, String code) throws IOException {
    Path script = Files.writeString(folder.resolve("program.py"), code);
    return new ProcessBuilder("python3", script.toString()).redirectErrorStream(true).start();
  }

  /** The one column of a query, as texts. */
  static List<String> texts(Path folder, String sql) throws IOException, InterruptedException {
    Path query = Files.writeString(folder.resolve("query.sql"), sql);
    return lines(
        folder,
        """
        import duckdb, sys
        duckdb.sql("SET TimeZone = 'UTC'")
        for row in duckdb.sql(open('%s').read()).fetchall(): print(repr(row[0]))
        """
            .formatted(query));
  }

  /** What a program prints. */
  static List<String> lines(Path folder, String code) throws IOException, InterruptedException {
    Process process = run(folder, code);
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(printed);
    }
    return printed.lines().toList();
  }
}
