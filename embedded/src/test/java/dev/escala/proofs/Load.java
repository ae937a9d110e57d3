package dev.escala.proofs;

import static dev.escala.testing.Eventually.pause;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * Works on number after number, a hundred times a second at most, until it is told to stop or the
 * server is gone.
 */
final class Load {
  private final CompletableFuture<Integer> numbers;
  private volatile boolean stopped;

  /** Works on a number, or on as many as the step says from this one on. */
  interface Work {
    void on(int number) throws IOException, InterruptedException;
  }

  private Load(int first, int step, Work work) {
    numbers =
        CompletableFuture.supplyAsync(
            () -> run(first, step, work), Executors.newVirtualThreadPerTaskExecutor());
  }

  static Load start(int first, int step, Work work) {
    return new Load(first, step, work);
  }

  private int run(int first, int step, Work work) {
    int next = first;
    try {
      while (!stopped) {
        int number = next;
        next += step;
        work.on(number);
        pause();
      }
    } catch (IOException serverIsGone) {
      // it was begun, and nobody knows how far it came
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
    return next - first;
  }

  /** Finishes what it works on, and tells how many numbers it has begun with. */
  int stop() {
    stopped = true;
    return numbers.join();
  }
}
