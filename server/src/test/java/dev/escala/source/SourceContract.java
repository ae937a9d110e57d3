package dev.escala.source;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.model.Message;
import dev.escala.model.Moment;
import dev.escala.model.Outcome;
import dev.escala.model.ReasonCode;
import dev.escala.model.Rejection;
import dev.escala.model.ReturnReason;
import dev.escala.testing.RecordingObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every source holds to; run by each implementation and by the fake. */
public abstract class SourceContract {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Outcome REJECTED =
      new Outcome.Rejected(Rejection.of(ReasonCode.FIELD_TYPE, "not a number"));
  private static final Outcome RETURNED = new Outcome.Returned(ReturnReason.SHUTDOWN);

  /** What a source may hold at once. */
  public record Limits(int messages, long bytes) {}

  /** The origin of the source under test, new for each test. */
  public interface Origin extends AutoCloseable {
    /** A source of this origin that holds at most so much. */
    Source open(Limits limits, RecordingObserver observer);

    /** Publishes without waiting for an outcome. */
    void publish(String body);

    @Override
    void close();
  }

  protected final RecordingObserver observer = new RecordingObserver();
  private final List<Source> opened = new ArrayList<>();
  private Origin origin = new NoOrigin();

  protected abstract Origin origin();

  @BeforeEach
  void openOrigin() {
    origin = origin();
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Source::close);
    origin.close();
  }

  private Source open(int messages, long bytes) {
    Source source = origin.open(new Limits(messages, bytes), observer);
    opened.add(source);
    return source;
  }

  private Source open() {
    return open(10_000, 64 << 20);
  }

  private List<String> publish(int messages) {
    List<String> bodies = IntStream.range(0, messages).mapToObj("{\"n\":%d}"::formatted).toList();
    bodies.forEach(origin::publish);
    return bodies;
  }

  private static Delivery next(Source source) throws InterruptedException {
    Optional<Delivery> delivery = source.receive(LONG);
    assertThat(delivery).as("a delivery within %s", LONG).isPresent();
    return delivery.orElseThrow();
  }

  private static void settle(Delivery delivery, Outcome outcome) {
    delivery.settle(Collections.nCopies(delivery.messages().size(), outcome));
  }

  private static List<String> bodies(Delivery delivery) {
    return delivery.messages().stream().map(message -> message.payload().text()).toList();
  }

  /** Settles what comes until all of these came. */
  private static void settleUntil(Source source, Set<String> wanted, UnaryOperator<Outcome> outcome)
      throws InterruptedException {
    Set<String> missing = new HashSet<>(wanted);
    while (!missing.isEmpty()) {
      Delivery delivery = next(source);
      missing.removeAll(bodies(delivery));
      settle(delivery, outcome.apply(Outcome.STORED));
    }
  }

  @Test
  void tellsThatItsOriginAnswersThoughItHasNothing() {
    Source source = open();
    eventually("it has answered", () -> source.lastReceive().isPresent());
    Moment first = source.lastReceive().orElseThrow();
    eventually("it answers again", () -> source.lastReceive().orElseThrow().isAfter(first));
    assertThat(first.age()).isBetween(Duration.ZERO, Duration.ofSeconds(60));
  }

  @Test
  void doesNotClaimToReceiveWhilePaused() {
    Source source = open();
    eventually("it has answered", () -> source.lastReceive().isPresent());
    source.pause();
    eventually("polls under way have ended", () -> isStill(source));
    source.resume();
    Moment paused = source.lastReceive().orElseThrow();
    eventually("it answers again", () -> source.lastReceive().orElseThrow().isAfter(paused));
  }

  /** For longer than a poll takes. */
  private static boolean isStill(Source source) throws InterruptedException {
    Optional<Moment> before = source.lastReceive();
    assertThat(source.receive(Duration.ofMillis(1_500))).isEmpty();
    return source.lastReceive().equals(before);
  }

  @Test
  void eachMessageIsReceivedAndSaysWhereItCameFrom() throws InterruptedException {
    Source source = open();
    Set<String> missing = new HashSet<>(publish(25));
    Set<String> ids = new HashSet<>();

    while (!missing.isEmpty()) {
      Delivery delivery = next(source);
      assertThat(delivery.messages()).isNotEmpty();
      for (Message message : delivery.messages()) {
        assertThat(message.topic()).isEqualTo(source.topic());
        assertThat(message.origin().source()).isEqualTo(source.kind());
        assertThat(message.unreadable()).isNull();
        ids.add(message.origin().messageId());
      }
      missing.removeAll(bodies(delivery));
      settle(delivery, Outcome.STORED);
    }

    assertThat(ids).hasSize(25);
  }

  @Test
  void whatIsStoredDuplicateOrRejectedDoesNotComeAgain() throws InterruptedException {
    Source source = open();
    for (Outcome outcome : List.of(Outcome.STORED, Outcome.DUPLICATE, REJECTED)) {
      settleUntil(source, Set.copyOf(publish(3)), ignored -> outcome);
    }

    source.close();
    assertThat(open().receive(Duration.ofSeconds(2))).isEmpty();
  }

  @Test
  void whatIsReturnedComesAgain() throws InterruptedException {
    Source source = open();
    origin.publish("{\"n\":1}");

    Delivery first = next(source);
    settle(first, new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE));
    Delivery second = next(source);

    assertThat(bodies(second)).isEqualTo(bodies(first));
    assertThat(second.messages().getFirst().origin().messageId())
        .isEqualTo(first.messages().getFirst().origin().messageId());
    settle(second, Outcome.STORED);
  }

  @Test
  void theMessagesOfADeliveryMayEndDifferently() throws InterruptedException {
    Source source = open();
    List<String> published = publish(9);
    Set<String> returned = new HashSet<>();
    Set<String> missing = new HashSet<>(published);

    while (!missing.isEmpty()) {
      Delivery delivery = next(source);
      List<Outcome> outcomes = new ArrayList<>();
      for (String body : bodies(delivery)) {
        missing.remove(body);
        int position = published.indexOf(body);
        outcomes.add(position % 3 == 0 ? RETURNED : position % 3 == 1 ? REJECTED : Outcome.STORED);
        if (position % 3 == 0) {
          returned.add(body); // perhaps once more, where it is back before the last has come
        }
      }
      delivery.settle(outcomes);
    }

    assertThat(returned).hasSize(3);
    settleUntil(source, Set.copyOf(returned), stored -> stored);
    source.close();
    assertThat(open().receive(Duration.ofSeconds(2))).isEmpty();
  }

  @Test
  void aDeliveryIsSettledOnceAndWhole() throws InterruptedException {
    Source source = open();
    origin.publish("{\"n\":1}");
    Delivery delivery = next(source);

    assertThatThrownBy(() -> delivery.settle(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    settle(delivery, Outcome.STORED);
    assertThatThrownBy(() -> settle(delivery, Outcome.STORED))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void settlingWorksFromAnotherThread() throws InterruptedException {
    Source source = open();
    origin.publish("{\"n\":1}");
    Delivery delivery = next(source);

    CompletableFuture.runAsync(() -> settle(delivery, Outcome.STORED)).join();

    source.close();
    assertThat(open().receive(Duration.ofSeconds(2))).isEmpty();
  }

  @Test
  void aPausedSourceTakesNothingAndGivesBackWhatItHas() throws InterruptedException {
    Source paused = open();
    paused.pause();
    List<String> published = publish(5);

    assertThat(paused.receive(SHORT)).isEmpty();
    paused.resume();
    settleUntil(paused, Set.copyOf(published), stored -> stored);
  }

  @Test
  void whatIsUnderWayMayBeSettledWhilePaused() throws InterruptedException {
    Source source = open();
    origin.publish("{\"n\":1}");
    Delivery delivery = next(source);

    source.pause();
    settle(delivery, Outcome.STORED);
    source.resume();

    source.close();
    assertThat(open().receive(Duration.ofSeconds(2))).isEmpty();
  }

  @Test
  void aStoppedSourceIsEmptyForGood() throws InterruptedException {
    Source source = open();
    List<String> published = publish(3);
    source.stop();
    source.resume();

    assertThat(source.receive(SHORT)).isEmpty();
    source.close();
    settleUntil(open(), Set.copyOf(published), stored -> stored);
  }

  @Test
  void closingGivesBackWhatIsUnsettled() throws InterruptedException {
    Source source = open();
    List<String> published = publish(3);
    Delivery unsettled = next(source);

    source.close();
    settle(unsettled, Outcome.STORED);

    settleUntil(open(), Set.copyOf(published), stored -> stored);
  }

  @Test
  void permitsInMessagesStopTheIntakeUntilSomethingIsSettled() throws InterruptedException {
    holdsWithin(open(4, 64 << 20), 4);
  }

  @Test
  void permitsInBytesStopTheIntakeUntilSomethingIsSettled() throws InterruptedException {
    holdsWithin(open(10_000, 1), 1);
  }

  private void holdsWithin(Source source, int most) throws InterruptedException {
    Set<String> missing = new HashSet<>(publish(12));
    while (!missing.isEmpty()) {
      List<Delivery> held = new ArrayList<>(List.of(next(source)));
      for (Optional<Delivery> more = source.receive(SHORT);
          more.isPresent();
          more = source.receive(SHORT)) {
        held.add(more.orElseThrow());
      }
      assertThat(held.stream().mapToInt(delivery -> delivery.messages().size()).sum())
          .isBetween(1, most);
      held.forEach(delivery -> missing.removeAll(bodies(delivery)));
      held.forEach(delivery -> settle(delivery, Outcome.STORED));
    }
  }

  @Test
  void receivingWaitsNoLongerThanItIsToldAndEndsWhenInterrupted() throws InterruptedException {
    Source source = open();
    assertThat(source.receive(Duration.ZERO)).isEmpty();

    AtomicBoolean interrupted = new AtomicBoolean();
    Thread receiver =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    source.receive(Duration.ofHours(1));
                  } catch (InterruptedException expected) {
                    interrupted.set(true);
                  }
                });
    receiver.interrupt();
    eventually("the receiver ends", () -> !receiver.isAlive());
    assertThat(interrupted).isTrue();
  }

  private static final class NoOrigin implements Origin {
    @Override
    public Source open(Limits limits, RecordingObserver observer) {
      throw new IllegalStateException("not opened");
    }

    @Override
    public void publish(String body) {
      throw new IllegalStateException("not opened");
    }

    @Override
    public void close() {}
  }
}
