package dev.escala.proofs;

import static dev.escala.proofs.Installation.FIRST_OVER_HTTP;
import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.app.HttpClients;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that is told to stop, as each deployment does it. */
class StoppedServerTest extends Proof {
  private static final HttpClient CLIENT = HttpClients.create();
  private static final int PUBLISHERS = 4;
  private static final int NUMBERS_EACH = 1_000_000;
  private static final int ENDED_BY_SIGTERM = 143;

  @Test
  void keepsWhatItAnsweredAndLeavesTheRest() throws IOException, InterruptedException {
    ServerProcess stopped = installation.startServer();
    HttpPublisher publisher = new HttpPublisher(stopped);
    Load queue = Load.start(0, ProofQueue.BATCH, installation.queue()::publish);
    List<Load> http = publishWith(publisher);
    eventually("it works", () -> installation.rows() > 500 && publisher.stored().size() > 100);

    stopped.terminate();
    assertThat(stopped.exitCode()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(stopped.log())
        .as("ended by itself, and within the time for draining: it would tell an error otherwise")
        .contains("server_stopped")
        .doesNotContain("\"level\":\"error\"");
    assertThat(installation.numbers()).as("answered with 200").containsAll(publisher.stored());
    assertThat(publisher.refusals()).allMatch(answer -> answer.statusCode() == 503);

    int overSqs = queue.stop();
    List<Integer> begun = http.stream().map(Load::stop).toList();
    ServerProcess next = installation.startServer();
    publishRest(begun, publisher, new HttpPublisher(next));
    installation.assertEachIsOneRow(overSqs, begun.stream().mapToInt(n -> n).sum());
    Installation.assertBalanced(next);
  }

  @Test
  void answersTheReadThatRunsToItsEnd() throws IOException, InterruptedException {
    database.execute("CREATE TABLE readings AS SELECT generate_series(1, 1000000) AS id");
    ServerProcess stopped = installation.startServer();
    eventually("it is read", () -> stopped.get("/db/readings?limit=1").statusCode() == 200);
    HttpResponse<InputStream> answer =
        CLIENT.send(
            HttpRequest.newBuilder(stopped.url("/db/readings")).build(),
            BodyHandlers.ofInputStream());

    stopped.terminate();
    eventually("it has heard it", () -> stopped.log().contains("server_stopping"));
    String body = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(body).startsWith("[{\"id\":").endsWith("}]");
    assertThat(body.lines()).hasSize(1_000_000);
    assertThat(stopped.exitCode()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(stopped.log()).contains("server_stopped").doesNotContain("\"level\":\"error\"");
    database.execute("DROP TABLE readings");
  }

  private static List<Load> publishWith(HttpPublisher publisher) {
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < PUBLISHERS; i++) {
      loads.add(Load.start(FIRST_OVER_HTTP + i * NUMBERS_EACH, 1, publisher::publish));
    }
    return loads;
  }

  /** What was never answered, of each publisher. */
  private static void publishRest(List<Integer> begun, HttpPublisher before, HttpPublisher now)
      throws IOException, InterruptedException {
    for (int i = 0; i < begun.size(); i++) {
      int first = FIRST_OVER_HTTP + i * NUMBERS_EACH;
      for (int number = first; number < first + begun.get(i); number++) {
        if (!before.stored().contains((long) number)) {
          now.publish(number);
        }
      }
    }
  }
}
