package dev.escala.source.sqs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.escala.model.Outcome;
import dev.escala.model.ReturnReason;
import dev.escala.observe.Observation.AcknowledgementFailed;
import dev.escala.observe.Observation.SourceFailed;
import dev.escala.observe.Observation.SourceRecovered;
import dev.escala.observe.Observation.VisibilityExtended;
import dev.escala.source.Delivery;
import dev.escala.testing.SqsServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

@Tag("integration")
@Timeout(90)
@Execution(CONCURRENT) // each test has all that it needs for itself, and mostly waits
class SqsSourceTest extends SqsSourceRun {
  @Test
  void pollersComeAndGoWithTheLoad() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    queue.sendAll(IntStream.range(0, 500).mapToObj("{\"n\":%d}"::formatted).toList());
    SqsSource source = open(queue);
    Set<String> missing = new HashSet<>();
    IntStream.range(0, 500).forEach(n -> missing.add("{\"n\":%d}".formatted(n)));

    eventually("more pollers", () -> source.pollersRunning() == 4);
    while (!missing.isEmpty()) {
      Delivery delivery = next(source);
      delivery.messages().forEach(message -> missing.remove(message.payload().text()));
      settle(delivery, Outcome.STORED);
    }

    isEmptied(queue);
    eventually("one poller", () -> source.pollersRunning() == 1);
    assertThat(observer.all(AcknowledgementFailed.class)).isEmpty();
  }

  @Test
  void twoSourcesShareAQueue() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    SqsSource one = open(queue);
    SqsSource two = open(queue);
    AtomicInteger received = new AtomicInteger();
    List<String> bodies = IntStream.range(0, 200).mapToObj("{\"n\":%d}"::formatted).toList();
    queue.sendAll(bodies);

    Set<String> all = new HashSet<>();
    while (all.size() < bodies.size()) {
      for (SqsSource source : List.of(one, two)) {
        source
            .receive(Duration.ofMillis(100))
            .ifPresent(
                delivery -> {
                  received.addAndGet(delivery.messages().size());
                  delivery.messages().forEach(message -> all.add(message.payload().text()));
                  settle(delivery, Outcome.STORED);
                });
      }
    }

    assertThat(received).hasValue(bodies.size());
    isEmptied(queue);
  }

  @Test
  void whatIsUnsettledStaysHiddenFromOthers() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(2);
    queue.sendAll(List.of("{\"n\":1}", "{\"n\":2}"));
    SqsSource stalled = open(queue);
    List<Delivery> unsettled = new ArrayList<>();
    int held = 0;
    while (held < 2) {
      unsettled.add(next(stalled));
      held += unsettled.getLast().messages().size();
    }

    eventually("extended", () -> observer.all(VisibilityExtended.class).size() >= 4);
    SqsSource other = open(queue);

    assertThat(other.receive(Duration.ofSeconds(3))).isEmpty();
    assertThat(queue.hidden()).isEqualTo(2);
    unsettled.forEach(delivery -> settle(delivery, Outcome.STORED));
    isEmptied(queue);
  }

  @Test
  void whatIsNotHandedOutStaysHiddenToo() {
    SqsServer.Queue queue = SqsServer.shared().newQueue(2);
    queue.send("{\"n\":1}");
    open(queue);

    eventually("extended", () -> observer.all(VisibilityExtended.class).size() >= 4);

    assertThat(queue.hidden()).isEqualTo(1);
  }

  @Test
  void aLargeMessageArrivesWhole() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    String body = "{\"text\":\"" + "x".repeat((1 << 20) - 11) + "\"}";
    queue.send(body);

    Delivery delivery = next(open(queue));

    assertThat(delivery.messages().getFirst().payload().length()).isEqualTo(1 << 20);
    assertThat(delivery.messages().getFirst().payload().text()).isEqualTo(body);
    settle(delivery, Outcome.STORED);
    isEmptied(queue);
  }

  @Test
  void whatIsReturnedComesAgainAfterAWhileAndCountsAttempts() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    queue.send("{}");
    SqsSource source = open(queue);
    for (int attempt = 1; attempt <= 2; attempt++) {
      Delivery delivery = next(source);
      assertThat(delivery.messages().getFirst().origin().attempt()).isEqualTo(attempt);
      settle(delivery, new Outcome.Returned(ReturnReason.DATABASE_UNAVAILABLE));
    }

    assertThat(queue.hidden()).isEqualTo(1);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void aPausedSourceReceivesNothing() throws InterruptedException {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    AtomicInteger polls = new AtomicInteger();
    SqsSource source =
        open(
            queue,
            response -> {
              polls.addAndGet(response instanceof ReceiveMessageResponse ? 1 : 0);
              return response;
            });
    eventually("it polls", () -> polls.get() > 0);
    source.pause();
    int before = polls.get();
    queue.sendAll(List.of("{\"n\":1}", "{\"n\":2}"));

    assertThat(source.receive(Duration.ofSeconds(3))).isEmpty();

    assertThat(polls.get()).as("at most the poll under way").isBetween(before, before + 1);
    source.resume();
    settle(next(source), Outcome.STORED);
  }

  @Test
  @Timeout(15)
  void aLongPollDoesNotDelayTheEnd() {
    SqsServer.Queue queue = SqsServer.shared().newQueue(30);
    SqsSource source = SqsSource.open(settings(queue.url(), 4, 20), WRITE, observer);
    eventually("it polls", () -> source.pollersRunning() == 1);

    source.stop();
    source.close();

    assertThat(source.pollersRunning()).isZero();
    assertThat(observer.all(SourceFailed.class)).isEmpty();
  }

  @Test
  void aQueueThatGoesAndComesBackIsReportedOnce() throws InterruptedException {
    SqsServer server = SqsServer.start(0);
    int port = server.port();
    SqsServer.Queue queue = server.newQueue("flights", 30);
    SqsSettings settings = settings(queue.url(), 4, 1);
    SqsSource source =
        keep(
            SqsSource.open(
                new SqsSettings(
                    settings.queue(),
                    settings.topic(),
                    settings.format(),
                    null,
                    server.endpoint(),
                    settings.polling(),
                    settings.permits(),
                    settings.s3()),
                WRITE,
                observer));
    queue.send("{\"n\":1}");
    settle(next(source), Outcome.STORED);

    server.close();
    eventually("failed", () -> !observer.all(SourceFailed.class).isEmpty());
    assertThat(observer.all(SourceRecovered.class)).isEmpty();
    try (SqsServer again = SqsServer.start(port)) {
      again.newQueue("flights", 30).send("{\"n\":2}");
      Delivery delivery = next(source);
      assertThat(delivery.messages().getFirst().payload().text()).isEqualTo("{\"n\":2}");
      settle(delivery, Outcome.STORED);
      source.close();
    }

    assertThat(observer.all(SourceFailed.class)).hasSize(1);
    assertThat(observer.all(SourceRecovered.class)).hasSize(1);
  }

  @Test
  void aMissingQueueIsNamedWithWhatToDo() {
    String missing = SqsServer.shared().newQueue(30).url() + "-missing";
    keep(SqsSource.open(settings(missing, 4, 1), WRITE, observer));

    eventually("failed", () -> !observer.all(SourceFailed.class).isEmpty());

    assertThat(observer.all(SourceFailed.class).getFirst().detail())
        .isEqualTo(missing + " does not exist. Check the URL, its region and its account.")
        .isEqualTo(QueueLook.at(settings(missing, 4, 1), WRITE).trouble().orElseThrow());
  }
}
