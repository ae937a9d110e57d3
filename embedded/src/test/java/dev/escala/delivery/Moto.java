package dev.escala.delivery;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** An AWS of tests: moto's server, where it is installed. */
final class Moto implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LOOK_MILLIS = 100;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Process process;
  private final int port;

  private Moto(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Whether a program stands on the PATH. */
  static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Starts on a free port of the loopback, and returns when it answers. */
  static Moto start(Map<String, String> environment) throws IOException {
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD);
    builder.environment().putAll(environment);
    Moto moto = new Moto(builder.start(), port);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!moto.listens()) {
      if (System.nanoTime() > deadline || !moto.process.isAlive()) {
        moto.close();
        throw new IOException("moto_server does not start");
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return moto;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LOOK_MILLIS);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Else a task needs several looks until it has stopped. */
  void stopTasksAtOnce() throws IOException, InterruptedException {
    String transition =
        "{\"model_name\": \"ecs::task\", \"transition\": {\"progression\": \"immediate\"}}";
    HttpRequest request =
        HttpRequest.newBuilder(url().resolve("/moto-api/state-manager/set-transition"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(transition))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      var _ = client.send(request, BodyHandlers.discarding());
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
