package dev.escala.source;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PermitsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void asManyAreTakenAsFitInMessagesAndBytes() throws InterruptedException {
    assertThat(new Permits(4, 1000).acquireUpTo(10, 1, LONG)).isEqualTo(4);
    assertThat(new Permits(100, 1000).acquireUpTo(10, 300, LONG)).isEqualTo(3);
  }

  @Test
  void whoHoldsNothingMayTakeOneHoweverLarge() throws InterruptedException {
    Permits permits = new Permits(10, 100);
    assertThat(permits.acquireUpTo(10, 5000, LONG)).isEqualTo(1);
    assertThat(permits.tryAcquire(1, 1)).isFalse();

    permits.release(1, 5000);
    assertThat(permits.tryAcquire(500, 5000)).isTrue();
  }

  @Test
  void whereNothingFitsWithinTheWaitNothingIsTaken() throws InterruptedException {
    Permits permits = new Permits(1, 1000);
    assertThat(permits.tryAcquire(1, 1)).isTrue();
    assertThat(permits.acquireUpTo(1, 1, Duration.ZERO)).isZero();
    assertThat(permits.messagesHeld()).isEqualTo(1);
  }

  @Test
  void waitingEndsWhenSomethingIsReleased() throws InterruptedException {
    Permits permits = new Permits(3, 1000);
    permits.acquireUpTo(3, 1, LONG);
    AtomicInteger taken = new AtomicInteger();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    taken.set(permits.acquireUpTo(10, 1, LONG));
                  } catch (InterruptedException unexpected) {
                    taken.set(-1);
                  }
                });
    eventually("it waits", () -> waiter.getState() == Thread.State.TIMED_WAITING);

    permits.release(2, 2);
    eventually("it took", () -> taken.get() == 2);
    assertThat(permits.messagesHeld()).isEqualTo(3);
  }

  @Test
  void aDebtIsPaidBeforeMoreIsTaken() {
    Permits permits = new Permits(10, 100);
    assertThat(permits.tryAcquire(1, 10)).isTrue();
    permits.exchange(1, 10, 1, 400);
    assertThat(permits.tryAcquire(1, 1)).isFalse();
    permits.release(1, 400);
    assertThat(permits.tryAcquire(1, 1)).isTrue();
  }
}
