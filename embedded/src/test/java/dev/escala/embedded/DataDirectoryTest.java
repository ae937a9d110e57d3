package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a demo says of a directory before it starts anything in it. */
class DataDirectoryTest {
  @TempDir private Path directory;

  private Path postgresql() throws IOException {
    return Files.createDirectories(directory.resolve("postgresql"));
  }

  private void assertRefused(Path data, String why, String advice) {
    assertThatThrownBy(() -> DataDirectory.look(data))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining(why)
        .hasMessageEndingWith("; " + advice);
  }

  @Test
  void whatIsNewIsMade() {
    DataDirectory made = DataDirectory.look(directory.resolve("a/b"));

    assertThat(made.kept()).isFalse();
    assertThat(made.postgresql()).isEmptyDirectory().isEqualTo(directory.resolve("a/b/postgresql"));
    assertThat(DataDirectory.look(directory.resolve("a/b")).kept()).isFalse();
  }

  @Test
  void whatAnEarlierStartLeftIsKept() throws IOException {
    Files.writeString(postgresql().resolve("PG_VERSION"), DataDirectory.MAJOR_VERSION + "\n");
    Files.createFile(postgresql().resolve("postgresql.conf"));

    assertThat(DataDirectory.look(directory).kept()).isTrue();
  }

  @Test
  void aFileIsNoDirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertRefused(file, "file cannot be used as a directory", "--data takes another directory.");
    assertRefused(
        file.resolve("below"), "cannot be used as a directory", "--data takes another directory.");
  }

  /** PostgreSQL would say so in a log that nobody sees, and the demo after a minute. */
  @Test
  void dataOfAnotherVersionIsNamed() throws IOException {
    Files.writeString(postgresql().resolve("PG_VERSION"), "14\n");

    assertRefused(
        directory,
        "holds data of PostgreSQL 14, and this one is 18",
        "--data takes another directory.");
  }

  @Test
  void filesOfSomebodyElseStay() throws IOException {
    Path foreign = Files.createFile(postgresql().resolve("README"));

    assertRefused(
        directory,
        "holds files that are not of a PostgreSQL",
        "--data takes an empty directory, or one of an earlier demo.");
    assertThat(foreign).exists();
  }

  @Test
  void aStartThatWasInterruptedIsTold() throws IOException {
    Files.writeString(postgresql().resolve("PG_VERSION"), DataDirectory.MAJOR_VERSION);

    assertRefused(
        directory,
        "an earlier start ended while it made",
        "delete that directory, in which nothing was stored yet.");
  }
}
