package dev.escala.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Turns turns = new Turns(1);

  @Test
  void theWorkKeepsNoCarrierOfVirtualThreads() throws InterruptedException {
    AtomicReference<Boolean> virtual = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> turns.take(PATIENCE, () -> virtual.set(Thread.currentThread().isVirtual())));
    caller.join();

    assertThat(virtual).hasValue(false);
  }

  @Test
  void whoFindsNoTurnInTimeIsTold() throws InterruptedException {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Thread other =
        Thread.ofVirtual()
            .start(
                () ->
                    turns.take(
                        PATIENCE,
                        () -> {
                          taken.countDown();
                          await(over);
                        }));
    taken.await();

    assertThat(turns.take(Duration.ZERO, () -> {})).isFalse();
    over.countDown();
    other.join();
    assertThat(turns.take(Duration.ZERO, () -> {})).isTrue();
  }

  @Test
  void whatTheWorkThrowsIsThrownAndTheTurnGivenBack() {
    assertThatThrownBy(() -> turns.take(PATIENCE, () -> fail(new StackOverflowError())))
        .isInstanceOf(StackOverflowError.class);
    assertThatThrownBy(() -> turns.take(PATIENCE, () -> fail(new IllegalStateException())))
        .isInstanceOf(IllegalStateException.class);
    assertThat(turns.take(Duration.ZERO, () -> {})).isTrue();
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }

  private static void fail(Error error) {
    throw error;
  }

  private static void await(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
