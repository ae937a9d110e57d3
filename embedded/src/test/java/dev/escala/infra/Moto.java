package dev.escala.infra;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An emulator of AWS as a process of its own, on a port of the loopback. */
final class Moto implements AutoCloseable {
  private static final String REGION = "eu-west-1";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Pattern ZONE = Pattern.compile("<Id>/hostedzone/([A-Z0-9]+)</Id>");

  private final Process process;
  private final URI endpoint;

  private Moto(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Returns when it answers. Skips the test, and says why, where it is missing. */
  static Moto orSkip(Path directory) throws IOException, InterruptedException {
    assumeTrue(
        Terraform.isInstalled("moto_server"),
        "SKIPPED: nothing of infra/ is planned or applied, moto_server is missing");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder command =
        new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("moto.log").toFile());
    command.environment().put("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
    command.environment().put("MOTO_ACM_VALIDATION_WAIT", "0");
    Moto moto = new Moto(command.start(), URI.create("http://127.0.0.1:" + port));
    moto.awaitAnswer();
    return moto;
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        var _ = ask("moto", HttpRequest.newBuilder(endpoint.resolve("/moto-api/")));
        return;
      } catch (ConnectException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          close();
          throw notYet;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  URI endpoint() {
    return endpoint;
  }

  /** An answer of ECS. */
  JsonNode ecs(String action, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + action)
            .POST(BodyPublishers.ofString(body));
    return JsonMapper.shared().readTree(ask("ecs", request));
  }

  /** Sends what a client of this service would, and gives its answer, XML or JSON. */
  String ask(String service, HttpRequest.Builder request) throws IOException, InterruptedException {
    // Region and service are all that an emulator reads of it.
    request.header(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=test/20260101/%s/%s/aws4_request, SignedHeaders=host, Signature=0"
            .formatted(REGION, service));
    return CLIENT.send(request.build(), BodyHandlers.ofString()).body();
  }

  /** What exists before the first apply: the zone of a domain. */
  String createZone(String domain) throws IOException, InterruptedException {
    String answer =
        ask(
            "route53",
            HttpRequest.newBuilder(endpoint.resolve("/2013-04-01/hostedzone"))
                .header("Content-Type", "text/xml")
                .POST(
                    BodyPublishers.ofString(
                        """
                        <CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">\
                        <Name>%s</Name><CallerReference>test</CallerReference></CreateHostedZoneRequest>\
                        """
                            .formatted(domain))));
    Matcher zone = ZONE.matcher(answer);
    if (!zone.find()) {
      throw new AssertionError("no zone: " + answer);
    }
    return zone.group(1);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
