package dev.escala.proofs;

import static dev.escala.testing.Eventually.eventually;

import dev.escala.app.HttpClients;
import dev.escala.testing.Metrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as the operating system sees it: a process with two ports and an exit code. */
public final class ServerProcess implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClients.create();
  private static final int STOP_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final int httpPort;
  private final int adminPort;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    eventually(() -> "it starts: " + tail(), () -> started().isPresent() || !process.isAlive());
    JsonNode started =
        started().orElseThrow(() -> new AssertionError("the server did not start: " + tail()));
    httpPort = started.path("http_port").asInt();
    adminPort = started.path("admin_port").asInt();
  }

  /** Returns when requests are answered. */
  static ServerProcess start(Path configuration) throws IOException {
    Path log = Files.createTempFile(configuration.getParent(), "server", ".log");
    return start(command("serve", "--config", configuration.toString()), log);
  }

  /** With what it prints in this file; returns when requests are answered. */
  public static ServerProcess start(ProcessBuilder serve, Path log) throws IOException {
    return new ServerProcess(
        serve.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
  }

  /** The command line of the server in a JVM of its own. */
  public static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            dev.escala.app.Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private Optional<JsonNode> started() {
    return log()
        .lines()
        .filter(line -> line.contains("\"server_started\""))
        .findFirst()
        .map(JsonMapper.shared()::readTree);
  }

  /** All that it has printed. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private String tail() {
    String text = log();
    return text.substring(Math.max(0, text.length() - 2_000));
  }

  URI url(String path) {
    return URI.create("http://localhost:" + httpPort + path);
  }

  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(url(path)));
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(url(path)).POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** What the process has in memory now, in MiB; 0 where the system does not tell. */
  int rssMib() throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  /** {@code host:port} of the admin side. */
  String admin() {
    return "localhost:" + adminPort;
  }

  /** What {@code /metrics} shows now. */
  public Metrics metrics() throws IOException, InterruptedException {
    URI url = URI.create("http://" + admin() + "/metrics");
    return new Metrics(send(HttpRequest.newBuilder(url)).body());
  }

  /** Ends it at once, whatever it does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks it to stop. */
  void terminate() {
    process.destroy();
  }

  /** The exit code, once it has stopped by itself. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not stop: " + tail());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
