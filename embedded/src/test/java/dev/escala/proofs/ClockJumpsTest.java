package dev.escala.proofs;

import static dev.escala.proofs.Installation.FIRST_OVER_HTTP;
import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.StoppablePostgres.Stop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Somebody sets the clock of a server that runs, in both directions and by far. */
class ClockJumpsTest extends Proof {
  @Test
  void changesNoAccountAndIsNoTrouble() throws IOException, InterruptedException {
    FakeClock clock = new FakeClock(directory);
    ServerProcess server = installation.startServer(clock.environment());
    HttpPublisher publisher = new HttpPublisher(server);
    publisher.publish(FIRST_OVER_HTTP);
    Set<String> told = ConcurrentHashMap.newKeySet();
    Load health = Load.start(0, 1, ignored -> told.addAll(sources(server)));
    Load http = Load.start(FIRST_OVER_HTTP + 1, 1, publisher::publish);
    Load queue = Load.start(0, ProofQueue.BATCH, installation.queue()::publish);
    for (int hours : List.of(2, -48, 10_000, -10_000)) {
      clock.set(Duration.ofHours(hours));
      awaitRows(hours);
    }
    jumpWhileTheDatabaseIsAway(clock, publisher);
    awaitRows(-700);
    var _ = health.stop();
    assertThat(told).contains("ok").doesNotContain("critical");

    int overSqs = queue.stop();
    installation.assertEachIsOneRow(overSqs, 1 + http.stop());
    Installation.assertBalanced(server);
  }

  /** How they are said to be; critical is what did not answer for a minute. */
  private static List<String> sources(ServerProcess server)
      throws IOException, InterruptedException {
    return JsonMapper.shared()
        .readTree(server.get("/health").body())
        .path("checks")
        .properties()
        .stream()
        .filter(check -> check.getKey().startsWith("source "))
        .map(check -> check.getValue().path("status").asString())
        .toList();
  }

  private void jumpWhileTheDatabaseIsAway(FakeClock clock, HttpPublisher publisher)
      throws IOException {
    publisher.refusals().clear();
    database.stop(Stop.FAST);
    eventually("publishing is refused", () -> !publisher.refusals().isEmpty());
    clock.set(Duration.ofHours(-700));
    publisher.refusals().clear();
    eventually("it still is", () -> !publisher.refusals().isEmpty());
    database.start();
  }

  /** Rows that were published when the server thought that it was so much later. */
  private void awaitRows(int hours) {
    String published =
        """
        SELECT count(*) FROM events WHERE n >= %d AND _event_time - now()
          BETWEEN interval '%d h' - interval '20 min' AND interval '%2$d h' + interval '20 min'
        """
            .formatted(FIRST_OVER_HTTP, hours);
    eventually("rows of " + hours + " h", () -> database.number(published) > 50);
  }
}
