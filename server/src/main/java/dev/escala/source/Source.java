package dev.escala.source;

import dev.escala.model.Backlog;
import dev.escala.model.Moment;
import dev.escala.model.SourceKind;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives the messages of one topic, in deliveries, at least once.
 *
 * <p>One loop calls {@link #receive}; deliveries may be settled from any thread. A source holds no
 * more than its permits in messages and bytes: when they are used up it takes nothing from its
 * origin until something is settled.
 *
 * <p>What {@link #receive} hands out is in flight, and the loop reports it as received; what is
 * given back before that never was. A source reports its own troubles: when its origin fails and
 * recovers, once each, and what it could not acknowledge.
 */
public interface Source extends AutoCloseable {

  SourceKind kind();

  String topic();

  /**
   * The next delivery, or empty when none came within the wait. Troubles of the origin are reported
   * and retried inside; they never surface here.
   */
  Optional<Delivery> receive(Duration wait) throws InterruptedException;

  /** When the origin last answered whether there is something, be it with nothing. */
  Optional<Moment> lastReceive();

  /**
   * What waits at the origin now, asking it; empty where it does not answer or cannot know. May
   * take seconds.
   */
  Optional<Backlog> backlog();

  /**
   * Takes nothing more from the origin until {@link #resume}; what is not yet handed out is given
   * back. Deliveries under way may still be settled.
   */
  void pause();

  void resume();

  /**
   * Like {@link #pause}, for good: the first step of a shutdown. {@link #receive} is empty from now
   * on.
   */
  void stop();

  /** Releases threads and connections. Deliveries that are still unsettled are given back. */
  @Override
  void close();
}
