package dev.escala.proofs;

import static dev.escala.proofs.Installation.FIRST_OVER_HTTP;
import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.StoppablePostgres.Stop;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** PostgreSQL goes and comes back, while messages and reads come in. */
class DatabaseOutageTest extends Proof {
  private static final String READ = "/db/events?select=n&limit=3";
  private static final int MANY = 5;

  @ParameterizedTest
  @EnumSource
  void losesNothingAndIsTold(Stop stop) throws IOException, InterruptedException {
    endure(stop, 1);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void losesNothingInManyOutages(Stop stop) throws IOException, InterruptedException {
    endure(stop, MANY);
  }

  private void endure(Stop stop, int outages) throws IOException, InterruptedException {
    ServerProcess server = installation.startServer();
    HttpPublisher publisher = new HttpPublisher(server);
    publisher.publish(FIRST_OVER_HTTP);
    eventually("the table is known", () -> server.get(READ).statusCode() == 200);

    Queue<HttpResponse<String>> reads = new ConcurrentLinkedQueue<>();
    Load reading = Load.start(0, 1, ignored -> reads.add(server.get(READ)));
    Load http = Load.start(FIRST_OVER_HTTP + 1, 1, publisher::publish);
    Load queue = Load.start(0, ProofQueue.BATCH, installation.queue()::publish);
    for (int outage = 0; outage < outages; outage++) {
      awaitProgress();
      publisher.refusals().clear();
      database.stop(stop);
      assertOutageIsTold(server, publisher);
      database.start();
    }
    awaitProgress();
    eventually(
        () -> "all is well again: " + health(server), () -> health(server).startsWith("200 ok"));

    int overSqs = queue.stop();
    int overHttp = 1 + http.stop();
    var _ = reading.stop();
    assertThat(reads)
        .extracting(HttpResponse::statusCode)
        .contains(200, 503)
        .containsOnly(200, 503);
    installation.assertEachIsOneRow(overSqs, overHttp);
    Installation.assertBalanced(server);
  }

  private void awaitProgress() {
    long rows = installation.rows();
    eventually("rows are stored", () -> installation.rows() > rows + 500);
  }

  private static void assertOutageIsTold(ServerProcess server, HttpPublisher publisher)
      throws IOException, InterruptedException {
    eventually("publishing is refused", () -> !publisher.refusals().isEmpty());
    assertThat(publisher.refusals()).allSatisfy(DatabaseOutageTest::assertUnavailable);
    assertThat(publisher.refusals())
        .allSatisfy(answer -> assertThat(answer.headers().firstValue("Retry-After")).hasValue("5"));
    assertUnavailable(server.get(READ));
    eventually(
        () -> "health tells it: " + health(server),
        () -> health(server).startsWith("503 critical"));
    assertThat(server.get("/ping").statusCode()).as("the process is alive").isEqualTo(200);
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    JsonNode problem = JsonMapper.shared().readTree(answer.body());
    assertThat(problem.path("code").asString()).isEqualTo("ESC001");
    assertThat(problem.path("message").asString()).isNotBlank();
    assertThat(problem.path("hint").asString()).isNotBlank();
    assertThat(problem.has("details")).isTrue();
  }

  /** The HTTP status and the word of it, then all of it. */
  private static String health(ServerProcess server) {
    try {
      HttpResponse<String> health = server.get("/health");
      String status = JsonMapper.shared().readTree(health.body()).path("status").asString();
      return health.statusCode() + " " + status + " " + health.body();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }
}
