package dev.escala.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A folder that is gone at the end, or with this JVM, with all that is in it. */
public final class TemporaryFolder implements AutoCloseable {
  /** A program that is being ended may still write: then its folder is not empty once more. */
  private static final int TRIES = 50;

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Path path;
  private final Thread hook = new Thread(this::delete, "delete");

  /** A new one whose name begins so. */
  public TemporaryFolder(String prefix) throws IOException {
    path = Files.createTempDirectory(prefix);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() {
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The JVM ends already, and the hook finds nothing left.
    }
  }

  private synchronized void delete() {
    for (int tries = 1; Files.exists(path); tries++) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException left) {
        if (tries == TRIES) {
          throw new IllegalStateException(path + " cannot be deleted", left);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
