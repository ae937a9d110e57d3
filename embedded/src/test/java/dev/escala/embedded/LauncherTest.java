package dev.escala.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code escala}, with a program that is built and a JDK that only says what it runs.
 */
class LauncherTest {
  @TempDir private Path root;

  @BeforeEach
  void aBuiltTree() throws IOException {
    Files.copy(Path.of("../escala"), root.resolve("escala"));
    write("embedded/target/app/escala.jar", "");
    write("jdk/release", "JAVA_VERSION=\"25.0.1\"\n");
    write("jdk/bin/javac", "#!/bin/sh\n");
    write("jdk/bin/java", "#!/bin/sh\necho \"$@\"\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended run(boolean home) throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder("sh", root.resolve("escala").toString(), "version");
    command.environment().put("JAVA_HOME", root.resolve("jdk").toString());
    if (home) {
      command.environment().put("HOME", root.toString());
    } else {
      command.environment().remove("HOME");
    }
    return Ended.run(command);
  }

  /** The JVM itself would take it, and run the classes of before. */
  @Test
  void aCacheOfOtherJarsIsNotUsed() throws IOException, InterruptedException {
    write("embedded/target/app/escala.aot", "");
    Path cache = root.resolve("embedded/target/app/escala.aot");
    assertThat(run(true).output()).contains("-XX:AOTCache=" + cache);

    FileTime made = Files.getLastModifiedTime(cache);
    write("embedded/target/app/lib/other.jar", "");
    Files.setLastModifiedTime(
        root.resolve("embedded/target/app/lib/other.jar"),
        FileTime.from(made.toInstant().plusSeconds(1)));
    assertThat(run(true).output()).contains("escala.jar version").doesNotContain("AOTCache");
    assertThat(cache).doesNotExist();
  }

  /** As in a container, or under a service manager. */
  @Test
  void runsWithoutAHome() throws IOException, InterruptedException {
    Ended ended = run(false);

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("-jar", "escala.jar version");
    assertThat(run(true).exitCode()).isZero();
  }
}
