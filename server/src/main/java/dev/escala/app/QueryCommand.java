package dev.escala.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "query",
    description = "Runs read-only SQL on a server and prints a table.",
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
  private static final int TRUNCATED = 206;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DB", description = "The name of the database.")
  private String database;

  @Parameters(index = "1", paramLabel = "SQL", description = "One SELECT.")
  private String sql;

  @Option(
      names = "--url",
      defaultValue = "http://localhost:8080",
      description = "The server. Default: ${DEFAULT-VALUE}")
  private String url;

  @Mixin private final Credential credential = new Credential();

  QueryCommand() {}

  @Override
  public Integer call() throws CommandFailed, InterruptedException {
    HttpResponse<String> answer = ask();
    JsonNode body = parse(answer);
    if (answer.statusCode() >= 300) {
      throw CommandFailed.failed(complaint(body));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(TextTable.of(body));
    out.println(
        "(%,d %s%s)"
            .formatted(
                body.size(),
                body.size() == 1 ? "row" : "rows",
                answer.statusCode() == TRUNCATED
                    ? "; there are more, the server's limit is reached"
                    : ""));
    return 0;
  }

  private HttpResponse<String> ask() throws CommandFailed, InterruptedException {
    try (HttpClient client = HttpClients.create()) {
      String target =
          url.replaceAll("/+$", "") + "/" + encode(database) + "?q=" + encode(sql) + "&format=json";
      return client.send(
          credential.on(HttpRequest.newBuilder(URI.create(target))).build(),
          BodyHandlers.ofString());
    } catch (IOException unreachable) {
      throw CommandFailed.failed(url + " does not answer. Does the server run?");
    } catch (IllegalArgumentException malformed) {
      throw CommandFailed.configuration(url + " is not a URL such as http://localhost:8080");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode parse(HttpResponse<String> answer) throws CommandFailed {
    try {
      return JsonMapper.shared().readTree(answer.body());
    } catch (JacksonException notJson) {
      throw CommandFailed.failed(
          "%s answered %d without JSON: is it Escala?".formatted(url, answer.statusCode()));
    }
  }

  private static String complaint(JsonNode problem) {
    StringBuilder text = new StringBuilder();
    text.append(problem.path("code").asString("")).append(": ");
    text.append(problem.path("message").asString(""));
    for (String member : new String[] {"details", "hint"}) {
      if (problem.path(member).isString()) {
        text.append("\n  ").append(problem.path(member).asString());
      }
    }
    return text.toString();
  }
}
