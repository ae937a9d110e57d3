package dev.escala.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MemoryGateTest {
  private static final long ROOM = 1 << 20;

  private final MemoryGate gate = new MemoryGate(ROOM);
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());

  private Thread start(String name, long bytes) {
    return start(() -> gate.pass(bytes, () -> order.add(name)));
  }

  /** Starts what then waits, or has ended. */
  private static Thread start(Runnable work) {
    Thread thread = Thread.ofPlatform().start(work);
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void whatFitsGoesTogetherAndWhatIsTooLargeAlone() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    Thread inside = start(() -> gate.pass(ROOM / 2, () -> await(end)));
    start("fits", ROOM / 2).join();
    Thread large = start("larger than all the room", ROOM * 100);
    Thread small = start("small, but later", 1);
    assertThat(order).containsExactly("fits");

    end.countDown();
    inside.join();
    large.join();
    small.join();
    assertThat(order).containsExactly("fits", "larger than all the room", "small, but later");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoWaitsWithPatienceIsSentAwayAndLeavesNothingBehind() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    Thread holder =
        Thread.ofPlatform()
            .start(
                () ->
                    gate.pass(
                        ROOM,
                        () -> {
                          inside.countDown();
                          await(end);
                        }));
    inside.await();
    assertThat(gate.pass(1, Duration.ofMillis(1), () -> order.add("no room"))).isFalse();
    end.countDown();
    holder.join();
    assertThat(gate.pass(ROOM, Duration.ofMillis(1), () -> order.add("room"))).isTrue();
    assertThat(order).containsExactly("room");
  }

  @Test
  void failedWorkLeavesNothingBehind() throws InterruptedException {
    assertThatThrownBy(
            () ->
                gate.pass(
                    ROOM,
                    () -> {
                      throw new IllegalStateException("failed");
                    }))
        .hasMessage("failed");
    start("after it", ROOM).join();
    assertThat(order).containsExactly("after it");
  }
}
