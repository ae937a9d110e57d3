package dev.escala.ops;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.observe.Observation.TaskFailed;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTasksTest {
  private final RecordingObserver observer = new RecordingObserver();
  private final PeriodicTasks tasks = new PeriodicTasks(observer);

  @Test
  void aRoundThatFailsIsReportedAndTheNextOneComes() {
    AtomicInteger rounds = new AtomicInteger();
    tasks.every(
        Duration.ofMillis(1),
        "count",
        () -> {
          if (rounds.incrementAndGet() == 2) {
            throw new IllegalStateException("the second");
          }
        });
    eventually("it goes on", () -> rounds.get() > 5);
    tasks.close();
    assertThat(observer.all(TaskFailed.class)).hasSize(1);
    int afterwards = rounds.get();
    tasks.close();
    assertThat(rounds).hasValue(afterwards);
  }

  @Test
  void anInterruptThatALibraryKeepsForItselfIsRepeated() {
    CountDownLatch begun = new CountDownLatch(1);
    tasks.every(
        Duration.ofHours(1),
        "wait",
        () -> {
          begun.countDown();
          while (!Thread.interrupted()) {
            Thread.onSpinWait();
          }
        });
    eventually("it is under way", () -> begun.getCount() == 0);
    Thread closing = Thread.ofVirtual().start(tasks::close);
    eventually("it is closed", () -> !closing.isAlive());
  }
}
