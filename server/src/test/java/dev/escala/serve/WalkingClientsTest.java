package dev.escala.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.escala.testing.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of docs/clients.md that follow {@code Link}, as they stand there. */
@Tag("integration")
class WalkingClientsTest {
  private static final Path CLIENTS = Path.of("../docs/clients.md");
  private static final String BASE = "http://localhost:8080/flights";

  @TempDir static Path directory;

  @ParameterizedTest
  @CsvSource({"js, node, walk.mjs", "python, python3, walk.py"})
  void eachRowIsCountedOnce(String language, String program, String file)
      throws IOException, InterruptedException {
    assumeThat(isInstalled(program)).as("SKIPPED: no " + program).isTrue();
    PostgresServer.Database database = PostgresServer.newDatabase();
    database.execute(
        """
        CREATE TABLE flights (
          id int PRIMARY KEY, origin text, delay_minutes int, scheduled_at timestamptz);
        INSERT INTO flights
        SELECT i, 'BOG', i % 50, CASE WHEN i % 3 > 0 THEN timestamptz '2026-01-01' + i / 7 * interval '1 h' END
        FROM generate_series(1, 2500) i\
        """);
    try (ServedDatabase served = ServedDatabase.start(ServedDatabase.settings(database.url()))) {
      String code = written(language);
      assertThat(code).contains(BASE);
      Path script =
          Files.writeString(
              directory.resolve(file),
              code.replace(BASE, "http://localhost:" + served.port() + "/db"));
      Process process = new ProcessBuilder(program, script.toString()).start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String failed = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(failed).isZero();
      assertThat(printed.strip()).isEqualTo("2500");
    }
  }

  private static String written(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + " walk\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(CLIENTS));
    assertThat(block.find()).as(language).isTrue();
    return block.group(1);
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
