package dev.escala.proofs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.testing.Metrics;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server that ends without a word, at the worst moments. */
class KilledServerTest extends Proof {
  @Test
  void betweenCommitAndAcknowledgement() throws IOException, InterruptedException {
    int messages = 300;
    try (SqsProxy stalling = new SqsProxy(installation.sqs(), SqsProxy.Mode.STALL_DELETIONS)) {
      ServerProcess killed = installation.startServer(stalling.endpoint());
      installation.queue().publish(0, messages);
      eventually("all is committed", () -> installation.rows() == messages);
      eventually("a deletion stalls", () -> stalling.stalled() > 0);
      killed.kill();
    }
    assertThat(installation.queue().size()).as("unacknowledged").isEqualTo(messages);

    ServerProcess next = installation.startServer();
    installation.assertEachIsOneRow(messages, 0);
    Metrics metrics = Installation.assertBalanced(next);
    assertThat(metrics.stored()).isZero();
    assertThat(metrics.duplicates()).isGreaterThanOrEqualTo(messages);
  }

  @Test
  void atRandomMoments() throws IOException, InterruptedException {
    killAtRandomMoments(5_100, 3, 42);
  }

  @Test
  @Tag("long")
  void atManyRandomMoments() throws IOException, InterruptedException {
    killAtRandomMoments(20_000, 20, System.nanoTime());
  }

  /** Each round publishes its share, and ends after as many more rows as chance says. */
  private void killAtRandomMoments(int messages, int rounds, long seed)
      throws IOException, InterruptedException {
    Random random = new Random(seed);
    int share = messages / rounds;
    long left = 0;
    for (int round = 0; round < rounds; round++) {
      ServerProcess killed = installation.startServer();
      int first = round * share;
      var publishing =
          CompletableFuture.runAsync(() -> installation.queue().publish(first, first + share));
      long goal = installation.rows() + random.nextInt(share / 2);
      eventually(() -> "%d rows, seed %d".formatted(goal, seed), () -> installation.rows() >= goal);
      killed.kill();
      publishing.join();
      left += installation.queue().size();
    }
    assertThat(left).as("left by kills of seed %d", seed).isPositive();
    ServerProcess last = installation.startServer();
    installation.assertEachIsOneRow(messages, 0);
    Installation.assertBalanced(last);
  }
}
