package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo whose process was killed leaves its PostgreSQL behind. */
@Tag("integration")
class OrphanedPostgresTest {
  @TempDir private Path directory;

  private @Nullable Process process;

  @AfterEach
  void leaveNothingBehind() throws IOException, InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
      var _ = OrphanedPostgres.stop(directory.resolve("postgresql"));
    }
  }

  private static Process processWithDatabase(Path data) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            DatabaseLeftBehind.class.getName(),
            data.toString())
        .redirectError(Redirect.DISCARD)
        .start();
  }

  private static void awaitReady(Process process) throws IOException {
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    while (line != null && !line.equals(DatabaseLeftBehind.READY)) {
      line = said.readLine();
    }
    assertThat(line).isEqualTo(DatabaseLeftBehind.READY);
  }

  @Test
  void theNextDemoStopsItAndFindsTheData() throws IOException, InterruptedException {
    Process killed = processWithDatabase(directory);
    process = killed;
    awaitReady(killed);
    assertThatThrownBy(() -> EmbeddedDatabase.start(Optional.of(directory)))
        .hasMessageContaining("another demo");

    killed.destroyForcibly().waitFor();
    long left = pid();
    assertThat(ProcessHandle.of(left)).isPresent();
    try (EmbeddedDatabase database = EmbeddedDatabase.start(Optional.of(directory))) {
      assertThat(database.stoppedOrphan()).hasValue(left);
      assertThat(database.version()).isNotEmpty();
      assertThat(ProcessHandle.of(left)).isEmpty();
    }
    try (EmbeddedDatabase database = EmbeddedDatabase.start(Optional.of(directory))) {
      assertThat(database.stoppedOrphan()).isEmpty();
    }
  }

  private long pid() throws IOException {
    Path file = directory.resolve("postgresql").resolve("postmaster.pid");
    return Long.parseLong(Files.readAllLines(file).getFirst().strip());
  }

  @Test
  void aNumberThatIsSomebodyElsesByNowIsLeftAlone() throws IOException {
    Path data = Files.createDirectories(directory.resolve("postgresql"));
    Files.writeString(data.resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n");
    assertThat(OrphanedPostgres.stop(data)).isEmpty();
  }
}
