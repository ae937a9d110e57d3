package dev.escala.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The PostgreSQL of a demo that ended without stopping it: it runs on, and no other may start in
 * its directory.
 */
final class OrphanedPostgres {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private OrphanedPostgres() {}

  /**
   * Stops it, if there is one.
   *
   * @param data the data directory of PostgreSQL
   * @return the process that was stopped
   * @throws CannotStart if another demo runs there, or the process does not end
   */
  static OptionalLong stop(Path data) throws IOException {
    Optional<ProcessHandle> postmaster = postmaster(data);
    if (postmaster.isEmpty()) {
      return OptionalLong.empty();
    }
    long pid = postmaster.get().pid();
    if (isInUse(data)) {
      throw new CannotStart(
          "another demo, with PostgreSQL as process %d, uses %s".formatted(pid, data),
          "--data takes another directory.");
    }
    end(postmaster.get(), data);
    return OptionalLong.of(pid);
  }

  /** The first line of {@code postmaster.pid} may be left from long ago, its number somebody's. */
  private static Optional<ProcessHandle> postmaster(Path data) throws IOException {
    Path file = data.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,10}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
        .filter(ProcessHandle::isAlive)
        .filter(process -> isPostgresOf(process, data));
  }

  private static boolean isPostgresOf(ProcessHandle process, Path data) {
    String[] arguments = process.info().arguments().orElse(new String[0]);
    return process.info().command().filter(command -> command.contains("postgres")).isPresent()
        && Arrays.asList(arguments).contains(data.toString());
  }

  /** The process that started PostgreSQL keeps a lock on this file for as long as it lives. */
  private static boolean isInUse(Path data) throws IOException {
    Path file = data.resolve("epg-lock");
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException ofThisProcess) {
      return true;
    }
  }

  /** As {@code pg_ctl stop} does; nobody is connected any more. */
  private static void end(ProcessHandle postmaster, Path data) throws IOException {
    postmaster.destroy();
    try {
      postmaster.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException runsOn) {
      throw new CannotStart(
          "PostgreSQL of an earlier demo, process %d, still runs on %s and does not end"
              .formatted(postmaster.pid(), data),
          "kill it, and start again.",
          runsOn);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }
}
