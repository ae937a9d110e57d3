package dev.escala.proofs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Two servers that know nothing of each other, on one queue and one table. */
class SharedQueueTest extends Proof {
  @Test
  void isSharedByTwoServers() throws IOException, InterruptedException {
    ServerProcess one = installation.startServer();
    ServerProcess other = installation.startServer();
    Load queue = Load.start(0, ProofQueue.BATCH, installation.queue()::publish);
    eventually(
        "both have stored",
        () ->
            one.metrics().stored() > 0
                && other.metrics().stored() > 0
                && installation.rows() > 1_000);
    int messages = queue.stop();
    installation.assertEachIsOneRow(messages, 0);
    long stored =
        Installation.assertBalanced(one).stored() + Installation.assertBalanced(other).stored();
    assertThat(stored).isEqualTo(messages);
  }
}
