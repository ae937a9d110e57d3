package dev.escala.embedded;

import dev.escala.app.HttpClients;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The program of the image as a process of its own, with the options of the image. */
public final class PackagedServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** The end of a training run writes the cache. */
  private static final Duration STOP_LIMIT = Duration.ofMinutes(3);

  /** Between two looks at a process that cannot tell when it is ready. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Process process;
  private final int port;
  private final int adminPort;
  private final Duration startedIn;

  private PackagedServer(Process process, int port, int adminPort, Duration startedIn) {
    this.process = process;
    this.port = port;
    this.adminPort = adminPort;
    this.startedIn = startedIn;
  }

  /**
   * Which program is started, and how.
   *
   * @param java what runs it
   * @param folder of its jar
   * @param options more of its JVM
   */
  public record Program(Path java, Path folder, List<String> options) {

    /** Run by the JVM that this process has. */
    public Program(Path folder, String... options) {
      this(Path.of(System.getProperty("java.home"), "bin", "java"), folder, List.of(options));
    }

    private List<String> command(String... arguments) {
      List<String> command = new ArrayList<>();
      command.add(java.toString());
      command.add("@" + folder.resolve("java.options"));
      command.addAll(options);
      command.add("-jar");
      command.add(folder.resolve("escala-server.jar").toString());
      command.addAll(List.of(arguments));
      return command;
    }
  }

  /**
   * Starts {@code escala serve} on free ports and returns when it answers.
   *
   * @param yaml the configuration without ports
   * @param environment variables beside those of this process
   * @throws IOException if it ends or does not answer within a minute
   */
  public static PackagedServer start(Program program, String yaml, Map<String, String> environment)
      throws IOException, InterruptedException {
    int port = freePort();
    int adminPort = freePort();
    Path configuration = program.folder().resolve("server.yaml");
    Files.writeString(
        configuration,
        """
        http: {host: localhost, port: %d}
        admin: {host: localhost, port: %d}
        %s\
        """
            .formatted(port, adminPort, yaml));
    Path log = program.folder().resolve("server.log");
    ProcessBuilder builder =
        new ProcessBuilder(program.command("serve", "--config", configuration.toString()));
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!answers(process, port)) {
      process.destroyForcibly();
      throw new IOException("the server did not start; see " + log);
    }
    return new PackagedServer(
        process, port, adminPort, Duration.ofNanos(System.nanoTime() - start));
  }

  private static boolean answers(Process process, int port) throws InterruptedException {
    URI ping = URI.create("http://localhost:" + port + "/ping");
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    try (HttpClient client = HttpClients.create()) {
      while (process.isAlive() && System.nanoTime() < deadline) {
        try {
          var _ = client.send(HttpRequest.newBuilder(ping).build(), BodyHandlers.discarding());
          return true;
        } catch (IOException notYet) {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
      }
    }
    return false;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** An address of the public listener. */
  public URI url(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  /** An address of the admin listener. */
  public URI adminUrl(String path) {
    return URI.create("http://localhost:" + adminPort + path);
  }

  /** From the start of the JVM to the first answer of {@code /ping}. */
  public Duration startedIn() {
    return startedIn;
  }

  /** Its number in the operating system. */
  public long pid() {
    return process.pid();
  }

  /** Asks it to stop and returns when it has; after three minutes it is killed. */
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
