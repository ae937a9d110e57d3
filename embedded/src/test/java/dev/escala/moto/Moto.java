package dev.escala.moto;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.escala.testing.FreePort;
import dev.escala.testing.Tool;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An emulator of AWS as a process of its own, on a port of the loopback. */
public final class Moto implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int OK = 200;
  private static final Pattern ZONE = Pattern.compile("<Id>/hostedzone/([A-Z0-9]+)</Id>");

  private final Process process;
  private final URI endpoint;
  private final String region;

  private Moto(Process process, URI endpoint, String region) {
    this.process = process;
    this.endpoint = endpoint;
    this.region = region;
  }

  /**
   * Returns when it answers. Skips the test, and says why, where it is missing.
   *
   * @param region of whatever it is asked for
   * @param environment its settings
   */
  public static Moto orSkip(String region, Map<String, String> environment)
      throws IOException, InterruptedException {
    assumeTrue(Tool.isInstalled("moto_server"), "SKIPPED: there is no AWS, moto_server is missing");
    int port = FreePort.find();
    ProcessBuilder command =
        new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD);
    command.environment().putAll(environment);
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    Moto moto = new Moto(command.start(), endpoint, region);
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

  /** Its address, for clients and for Terraform. */
  public URI endpoint() {
    return endpoint;
  }

  /**
   * An answer of ECS.
   *
   * @throws IOException with what it says if it refuses
   */
  public JsonNode ecs(String action, String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve("/"))
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + action)
            .POST(BodyPublishers.ofString(body));
    HttpResponse<String> answer = send("ecs", request);
    if (answer.statusCode() != OK) {
      throw new IOException(action + ": " + answer.body());
    }
    return JsonMapper.shared().readTree(answer.body());
  }

  /** Sends what a client of this service would, and gives its answer, XML or JSON. */
  public String ask(String service, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return send(service, request).body();
  }

  private HttpResponse<String> send(String service, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    // Region and service are all that an emulator reads of it.
    request.header(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=test/20260101/%s/%s/aws4_request, SignedHeaders=host, Signature=0"
            .formatted(region, service));
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** What exists before the first apply: the zone of a domain. */
  public String createZone(String domain) throws IOException, InterruptedException {
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

  /** Also what Python has started for it. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
