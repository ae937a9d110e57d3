package dev.escala.image;

import dev.escala.app.HttpClients;
import dev.escala.testing.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The server of the image, started from environment variables alone. */
final class RunningImage implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClients.create();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final Process process;
  private final Path log;
  private final Map<String, String> environment;

  private RunningImage(Process process, Path log, Map<String, String> environment) {
    this.process = process;
    this.log = log;
    this.environment = environment;
  }

  /**
   * Starts the entry point of the Dockerfile and returns when {@code /ping} is answered, or when
   * the process has ended.
   *
   * @param options of the JVM, before those of the Dockerfile
   */
  static RunningImage start(Image image, String databaseUrl, List<String> options)
      throws IOException {
    Dockerfile dockerfile = Dockerfile.shipped();
    List<String> command = new ArrayList<>(dockerfile.command("ENTRYPOINT"));
    command.addAll(1, options);
    command.addAll(dockerfile.command("CMD"));
    Map<String, String> environment =
        Map.of(
            "ESCALA_DATABASE_URL",
            databaseUrl,
            "ESCALA_AUTH",
            "none",
            "ESCALA_HTTP_PORT",
            Integer.toString(FreePort.find()),
            "ESCALA_ADMIN_PORT",
            Integer.toString(FreePort.find()));
    Path log = Files.createTempFile("image", ".log");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Process process = image.start(command, environment, log);
    RunningImage running = new RunningImage(process, log, environment);
    while (process.isAlive() && !running.answers()) {
      if (System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException("no answer within " + PATIENCE + ": " + running.log());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return running;
  }

  private boolean answers() {
    try {
      return get("/ping").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  HttpResponse<String> get(String path) throws IOException {
    return send(HttpRequest.newBuilder(url(path)));
  }

  /** How the answer is packed for who takes nothing else than this. */
  Optional<String> coding(String path, String accepted) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url(path)).header("Accept-Encoding", accepted + ", identity;q=0");
    return send(request).headers().firstValue("Content-Encoding");
  }

  HttpResponse<String> post(String path, String body) throws IOException {
    return send(HttpRequest.newBuilder(url(path)).POST(BodyPublishers.ofString(body)));
  }

  private URI url(String path) {
    return URI.create("http://localhost:" + environment.get("ESCALA_HTTP_PORT") + path);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  Map<String, String> environment() {
    return environment;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
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
