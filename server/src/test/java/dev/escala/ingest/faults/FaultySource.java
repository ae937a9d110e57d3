package dev.escala.ingest.faults;

import dev.escala.model.Backlog;
import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.model.SourceKind;
import dev.escala.source.Delivery;
import dev.escala.source.Source;
import dev.escala.testing.FakeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** A source whose acknowledgements are slow, and lost, as often as the schedule has it. */
final class FaultySource implements Source {
  private final FakeSource source;
  private final Told told;
  private volatile int lostPercent;
  private volatile int slowMillis;

  FaultySource(FakeSource source, Told told) {
    this.source = source;
    this.told = told;
  }

  /** From now on. */
  void acknowledgements(int nowLostPercent, int nowSlowMillis) {
    lostPercent = nowLostPercent;
    slowMillis = nowSlowMillis;
  }

  @Override
  public Optional<Delivery> receive(Duration wait) throws InterruptedException {
    Optional<Delivery> delivery = source.receive(wait);
    delivery.ifPresent(taken -> told.received(taken.messages()));
    return delivery.map(Faulty::new);
  }

  /** What is not acknowledged is given again, whatever became of it. */
  private final class Faulty implements Delivery {
    private final Delivery delivery;

    Faulty(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public List<Message> messages() {
      return delivery.messages();
    }

    @Override
    public void settle(List<Outcome> outcomes) {
      told.settled(outcomes);
      if (slowMillis > 0) {
        pause(slowMillis);
      }
      boolean lost = ThreadLocalRandom.current().nextInt(100) < lostPercent;
      Outcome again = new Outcome.Returned(ReturnReason.SHUTDOWN);
      delivery.settle(lost ? outcomes.stream().map(ignored -> again).toList() : outcomes);
    }

    /** The slowness itself: nothing is waited for. */
    private static void pause(int millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public SourceKind kind() {
    return source.kind();
  }

  @Override
  public String topic() {
    return source.topic();
  }

  @Override
  public Optional<Moment> lastReceive() {
    return source.lastReceive();
  }

  @Override
  public Optional<Backlog> backlog() {
    return source.backlog();
  }

  @Override
  public void pause() {
    source.pause();
  }

  @Override
  public void resume() {
    source.resume();
  }

  @Override
  public void stop() {
    source.stop();
  }

  @Override
  public void close() {
    source.close();
  }
}
