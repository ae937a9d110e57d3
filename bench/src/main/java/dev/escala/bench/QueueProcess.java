package dev.escala.bench;

import dev.escala.embedded.EmbeddedQueue;
import dev.escala.embedded.QueueClient;
import dev.escala.ops.LogSettings;
import dev.escala.ops.Logging;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Emulated SQS in a process of its own: its compiler and its collector stop nobody who is measured.
 */
final class QueueProcess implements AutoCloseable {
  private final Process process;
  private final QueueClient client;

  private QueueProcess(Process process, QueueClient client) {
    this.process = process;
    this.client = client;
  }

  static QueueProcess start() throws IOException {
    Process process = java(QueueProcess.class, List.of());
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String endpoint = Objects.requireNonNull(output.readLine(), "no emulated SQS");
    return new QueueProcess(process, new QueueClient(URI.create(endpoint)));
  }

  /** A program of this class path; it ends at the end of its input. */
  static Process java(Class<?> program, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:+UseSerialGC", "-classpath"));
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** What runs there. */
  public static void main(String[] arguments) throws IOException {
    Logging.configure(
        new LogSettings(LogSettings.Format.CONSOLE, LogSettings.Level.WARN), System.err);
    try (EmbeddedQueue queue = EmbeddedQueue.start()) {
      System.out.println(queue.endpoint());
      int _ = System.in.read();
    }
    // Threads of long polls whose clients are gone.
    System.exit(0);
  }

  QueueClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
  }
}
