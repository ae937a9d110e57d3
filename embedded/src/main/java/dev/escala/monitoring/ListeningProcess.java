package dev.escala.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that takes a free port and says in its log which; it ends with {@link #close} or with
 * this JVM.
 */
final class ListeningProcess implements AutoCloseable {
  /** The releases 3.x put the component between the two. */
  private static final Pattern LISTENING =
      Pattern.compile("msg=\"Listening on\".*? address=\\S*?:(\\d+)");

  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  /** Between two looks at a process that cannot tell when it is ready. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Process process;
  private final Path log;
  private final Thread hook;
  private final URI url;

  private ListeningProcess(Process process, Path log, String ready) throws IOException {
    this.process = process;
    this.log = log;
    hook = new Thread(process::destroyForcibly, "end-" + process.pid());
    Runtime.getRuntime().addShutdownHook(hook);
    url = URI.create("http://localhost:" + awaitPort(ready));
  }

  /**
   * Starts the command and returns when it answers.
   *
   * @param ready what its log says then; the port alone may be open before
   * @throws IOException with the end of its log if it does not within half a minute
   */
  static ListeningProcess start(List<String> command, Path log, String ready) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    return new ListeningProcess(
        builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log, ready);
  }

  private String awaitPort(String ready) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      boolean alive = process.isAlive();
      Optional<String> port = port(ready);
      if (port.isPresent()) {
        return port.get();
      }
      if (!alive) {
        break;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    close();
    throw new IOException("it did not start; the end of its log:\n" + tail());
  }

  private Optional<String> port(String ready) {
    return Optional.of(log())
        .filter(told -> told.contains(ready))
        .map(LISTENING::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1));
  }

  URI url() {
    return url;
  }

  /** All that it has printed. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String tail() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  /** Asks it to end, and ends it where it takes more than ten seconds. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // The JVM ends already, and the hook has nothing left to do.
    }
  }
}
