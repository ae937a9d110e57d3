package dev.escala.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "status",
    description = {
      "Shows how a server is: each thing that it watches is ok, warn, critical or unknown,"
          + " worst first.",
      "Ends with 1 where something is critical or nothing answers."
    },
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  /** The server looks for at most two seconds before it answers. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Option(
      names = "--url",
      defaultValue = "http://localhost:8080",
      description = "The server. Default: ${DEFAULT-VALUE}")
  private String url;

  @Option(names = "--json", description = "Print what the server answers, as it is.")
  private boolean json;

  @Option(names = "--all", description = "A line for each check, however many are alike.")
  private boolean all;

  StatusCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    HttpResponse<String> answer = ask();
    HealthTable table = table(answer);
    PrintWriter out = spec.commandLine().getOut();
    HealthTable shown = all ? table : table.folded();
    out.print(json ? answer.body() + "\n" : shown.text(Terminal.colours()));
    out.flush();
    return table.isCritical() ? CommandFailed.EXIT_CODE : 0;
  }

  private HttpResponse<String> ask() throws CommandFailed, InterruptedException {
    try (HttpClient client = HttpClients.builder().connectTimeout(PATIENCE).build()) {
      URI health = URI.create(url.replaceAll("/+$", "") + "/health");
      return client.send(
          HttpRequest.newBuilder(health).timeout(PATIENCE).build(), BodyHandlers.ofString());
    } catch (IOException unreachable) {
      throw CommandFailed.failed(url + " does not answer. Does the server run?");
    } catch (IllegalArgumentException malformed) {
      throw CommandFailed.configuration(url + " is not a URL such as http://localhost:8080");
    }
  }

  private HealthTable table(HttpResponse<String> answer) throws CommandFailed {
    try {
      JsonNode health = JsonMapper.shared().readTree(answer.body());
      if (health.path("status").isString() && health.path("checks").isObject()) {
        return HealthTable.of(health);
      }
    } catch (JacksonException notJson) {
      // told below, as any other answer that is none of a health check
    }
    throw CommandFailed.failed(
        "%s/health answered %d without a status: is it Escala?"
            .formatted(url, answer.statusCode()));
  }
}
