package dev.escala.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The product as it is run: a process of its own, with the flags of the image. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final Process process;
  private final int port;
  private final int adminPort;
  private final Duration startedIn;

  private ServerProcess(Process process, int port, int adminPort, Duration startedIn) {
    this.process = process;
    this.port = port;
    this.adminPort = adminPort;
    this.startedIn = startedIn;
  }

  /**
   * Starts {@code escala serve} with this configuration and waits until it answers.
   *
   * @param yaml the configuration without ports
   */
  static ServerProcess start(Path application, String yaml, Map<String, String> environment)
      throws IOException, InterruptedException {
    int port = freePort();
    int adminPort = freePort();
    Path file = Files.createTempFile("bench", ".yaml");
    Files.writeString(
        file, "http: {port: %d}\nadmin: {port: %d}\n%s".formatted(port, adminPort, yaml));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "@" + application.resolve("java.options"),
            "-XX:AOTCache=" + application.resolve("escala.aot"),
            "-jar",
            application.resolve("escala-server.jar").toString(),
            "serve",
            "--config",
            file.toString());
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(Path.of("bench/target/server.log").toFile())
            .start();
    awaitPing(port, process);
    return new ServerProcess(process, port, adminPort, Duration.ofNanos(System.nanoTime() - start));
  }

  private static void awaitPing(int port, Process process) throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline && process.isAlive()) {
        try {
          HttpResponse<Void> answer =
              client.send(
                  HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/ping")).build(),
                  BodyHandlers.discarding());
          if (answer.statusCode() == 200) {
            return;
          }
        } catch (IOException notYet) {
          Thread.sleep(5);
        }
      }
    }
    process.destroy();
    throw new IllegalStateException("the server did not start; see bench/target/server.log");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  String url(String path) {
    return "http://localhost:" + port + path;
  }

  String adminUrl(String path) {
    return "http://localhost:" + adminPort + path;
  }

  /** From the start of the JVM to the first answer of {@code /ping}. */
  Duration startedIn() {
    return startedIn;
  }

  /** The resident set in MiB: what the process has of the machine's memory now. */
  double residentMebibytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Double.parseDouble(line.replaceAll("\\D+", "")) / 1024;
      }
    }
    throw new IllegalStateException("no VmRSS");
  }

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
  }
}
