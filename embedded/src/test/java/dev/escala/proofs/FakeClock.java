package dev.escala.proofs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The time of day as one process sees it, by Debian's libfaketime. */
final class FakeClock {
  private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

  private final Path offset;
  private final Path library;

  /** Right at first; skips the test by name where the library is missing. */
  FakeClock(Path directory) throws IOException {
    Optional<Path> found = library();
    Assumptions.assumeTrue(
        found.isPresent(), "libfaketime is missing; Debian has it in libfaketime");
    library = found.orElseThrow();
    offset = Files.createTempFile(directory, "clock", "");
    set(Duration.ZERO);
  }

  private static Optional<Path> library() throws IOException {
    Path libraries = Path.of("/usr/lib");
    if (!Files.isDirectory(libraries)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(libraries)) {
      return folders.map(folder -> folder.resolve(LIBRARY)).filter(Files::exists).findFirst();
    }
  }

  /** Sets it so much ahead of the right time, or back, while the process runs. */
  void set(Duration ahead) throws IOException {
    Path next = Files.createTempFile(offset.getParent(), "clock", "");
    Files.writeString(next, "%+d".formatted(ahead.toSeconds()));
    Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What makes a process see it; what it measures by the monotonic clock stays as it is. */
  Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("LD_PRELOAD", library.toString()),
        Map.entry("FAKETIME_TIMESTAMP_FILE", offset.toString()),
        Map.entry("FAKETIME_CACHE_DURATION", "1"),
        Map.entry("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        // Else waits that are timed by the monotonic clock turn in circles.
        Map.entry("FAKETIME_FORCE_MONOTONIC_FIX", "0"));
  }
}
