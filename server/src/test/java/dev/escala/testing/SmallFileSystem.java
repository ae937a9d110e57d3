package dev.escala.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file system of a few MiB, in memory, that a test fills. Root can make one on Linux. */
public final class SmallFileSystem implements AutoCloseable {
  private final Path directory;
  private final Path ballast;

  private SmallFileSystem(Path directory) {
    this.directory = directory;
    this.ballast = directory.resolve("ballast");
  }

  /** Empty where this process may not mount. */
  public static Optional<SmallFileSystem> mount(Path directory, int mebibytes) {
    try {
      Files.createDirectories(directory);
      boolean mounted =
          Tool.isInstalled("mount")
              && run(
                  "mount",
                  "-t",
                  "tmpfs",
                  "-o",
                  "size=" + mebibytes + "m",
                  "tmpfs",
                  directory.toString());
      return mounted ? Optional.of(new SmallFileSystem(directory)) : Optional.empty();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static boolean run(String... command) throws IOException {
    try {
      return Ended.run(new ProcessBuilder(command)).exitCode() == 0;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  public Path directory() {
    return directory;
  }

  /** Until nothing fits any more. */
  public void fill() {
    byte[] block = new byte[4096];
    try (OutputStream file = Files.newOutputStream(ballast)) {
      while (true) {
        file.write(block);
      }
    } catch (IOException full) {
      // as it is meant
    }
  }

  /** Takes away what it was filled with. */
  public void free() {
    try {
      Files.deleteIfExists(ballast);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      if (!run("umount", directory.toString())) {
        throw new IllegalStateException(directory + " is in use");
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
