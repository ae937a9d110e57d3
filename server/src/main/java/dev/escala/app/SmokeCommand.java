package dev.escala.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** What a deployment runs after the migration and before any request reaches the new release. */
@Command(
    name = "smoke",
    description = {
      "Starts the server as it answers requests, asks it whether it works, and stops it: it is the"
          + " build that was meant, nothing is critical, and a marker of each canary has gone the"
          + " whole way from its topic to the API.",
      "Ends with 1, and a line for each thing that does not hold, where that takes too long."
    },
    mixinStandardHelpOptions = true)
final class SmokeCommand implements Callable<Integer> {
  /** The server looks for at most two seconds before it answers. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final Duration BETWEEN = Duration.ofMillis(500);

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration; without it the environment, as for serve.")
  private @Nullable Path config;

  @Option(
      names = "--expect",
      paramLabel = "VERSION",
      required = true,
      description = "Part of the version that has to answer, such as a short commit.")
  private String version;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "90",
      description = "How long it may take until all holds. Default: ${DEFAULT-VALUE}")
  private int patience;

  SmokeCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    Configuration configuration = ConfigurationSource.readToServe(config, System.getenv());
    List<String> faults;
    try (Application server = Serve.start(configuration, Application.Role.API);
        HttpClient client = HttpClients.builder().connectTimeout(ANSWER).build()) {
      URI health = URI.create("http://localhost:%d/health".formatted(server.httpPort()));
      faults = faults(client, health);
    }
    PrintWriter out = spec.commandLine().getOut();
    faults.forEach(fault -> out.println("smoke: FAILED " + fault));
    if (faults.isEmpty()) {
      out.println("smoke: %s works".formatted(version));
    }
    out.flush();
    return faults.isEmpty() ? 0 : CommandFailed.EXIT_CODE;
  }

  /** Empty as soon as all holds; else what did not at the end. */
  private List<String> faults(HttpClient client, URI health) throws InterruptedException {
    long startedNanos = System.nanoTime();
    while (true) {
      List<String> faults = Smoke.faults(ask(client, health), version);
      boolean isOver = System.nanoTime() - startedNanos > Duration.ofSeconds(patience).toNanos();
      if (faults.isEmpty() || isOver) {
        return faults;
      }
      Thread.sleep(BETWEEN); // a marker takes its time, and nobody tells that it came
    }
  }

  private static JsonNode ask(HttpClient client, URI health) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(health).timeout(ANSWER).build();
      return JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
    } catch (IOException | JacksonException noAnswer) {
      return MissingNode.getInstance();
    }
  }
}
