package dev.escala.source;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a source took from its origin and did not hand out yet, and whether it may take more.
 *
 * <p>Taking, handing out, pausing and stopping exclude each other, so that no delivery slips in
 * behind a pause.
 *
 * @param <D> the source's own kind of delivery
 */
public final class Intake<D extends Delivery> {
  /** Whether a source takes messages from its origin. */
  public enum State {
    OPEN,
    PAUSED,
    STOPPED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<D> waiting = new ArrayDeque<>();
  private final Deque<D> aside = new ArrayDeque<>();
  private State state = State.OPEN;

  /**
   * Puts a delivery in line.
   *
   * @return the state; unless it is open the delivery was not taken
   */
  public State offer(D delivery) {
    lock.lock();
    try {
      if (state == State.OPEN) {
        waiting.addLast(delivery);
        changed.signalAll();
      }
      return state;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts a delivery that nobody else keeps in line, or aside until the intake is open again.
   *
   * @return false once stopped: the delivery was not taken
   */
  public boolean keep(D delivery) {
    lock.lock();
    try {
      if (state == State.STOPPED) {
        return false;
      }
      (state == State.OPEN ? waiting : aside).addLast(delivery);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next delivery, or empty when none came within the wait, at once when stopped. */
  public Optional<D> receive(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      @Nullable D delivery = waiting.pollFirst();
      while (delivery == null && left > 0 && state != State.STOPPED) {
        left = changed.awaitNanos(left);
        delivery = waiting.pollFirst();
      }
      return Optional.ofNullable(delivery);
    } finally {
      lock.unlock();
    }
  }

  /** Pauses, unless stopped; what was in line is the caller's to give back. */
  public List<D> pause() {
    return close(State.PAUSED);
  }

  /** Stops for good; what was in line is the caller's to give back. */
  public List<D> stop() {
    return close(State.STOPPED);
  }

  private List<D> close(State wanted) {
    lock.lock();
    try {
      state = state == State.STOPPED ? State.STOPPED : wanted;
      List<D> left = new ArrayList<>(waiting);
      waiting.clear();
      changed.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out of line what nobody is to have; it is the caller's to give back. */
  public List<D> remove(Predicate<D> unwanted) {
    lock.lock();
    try {
      List<D> removed = waiting.stream().filter(unwanted).toList();
      waiting.removeIf(unwanted);
      return removed;
    } finally {
      lock.unlock();
    }
  }

  /** Opens again, unless stopped; what was put aside is in line then. */
  public void resume() {
    lock.lock();
    try {
      if (state != State.STOPPED) {
        state = State.OPEN;
        waiting.addAll(aside);
        aside.clear();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits while paused.
   *
   * @return false once stopped
   */
  public boolean awaitOpen() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (state == State.PAUSED) {
        changed.await();
      }
      return state == State.OPEN;
    } finally {
      lock.unlock();
    }
  }
}
