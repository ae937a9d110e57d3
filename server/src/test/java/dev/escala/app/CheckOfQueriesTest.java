package dev.escala.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.PostgresServer;
import dev.escala.testing.PostgresServer.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code escala check --live} tells which published queries do not fit. */
@Tag("integration")
class CheckOfQueriesTest {
  private final Database database = PostgresServer.newDatabase();
  @TempDir private Path folder;

  private String check(String url, int exitCode) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("escala.yaml"),
            "auth: none\ndatabases: {db: {url: '%s', queries: queries}}\ntopics: {}\n"
                .formatted(url));
    return CommandRun.of("check", "--live", file.toString()).exitsWith(exitCode);
  }

  @Test
  void eachIsToldWithItsPlace() throws Exception {
    Path queries = Files.createDirectory(folder.resolve("queries"));
    Path late = Files.writeString(queries.resolve("late.sql"), "SELECT id\nFROM flihgts");
    Files.writeString(queries.resolve("one.sql"), "SELECT 1 AS one");
    String url = RunningServer.url(database, "postgres", "postgres");
    assertThat(check(url, 1))
        .contains(
            "FAIL  published queries of db: " + late + ":2:6: relation \"flihgts\" does not exist");
    database.execute("CREATE TABLE flihgts (id int)");
    assertThat(check(url, 0)).contains("ok    2 published queries of db");
    String away = "postgresql://a:b@localhost:1/c";
    assertThat(check(url + "', read-url: '" + away, 1))
        .contains("FAIL  published queries of db: they cannot be checked: ")
        .doesNotContain("Exception");
    assertThat(check(away, 1))
        .as("what follows from it is not told once more")
        .contains("FAIL  database db: ")
        .doesNotContain("published queries", "Exception");
  }
}
