package dev.escala.source.sqs;

import static dev.escala.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.model.Outcome;
import dev.escala.observe.Observation.QueueDoubted;
import dev.escala.observe.Observation.QueueRead;
import dev.escala.observe.Observation.VisibilityExtended;
import dev.escala.source.Delivery;
import dev.escala.testing.SqsServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The attributes of a queue are read, followed, and doubted once. */
@Tag("integration")
@Timeout(90)
class QueueWatchTest extends SqsSourceRun {
  private final SqsServer.Queue queue = SqsServer.shared().newQueue(30);

  private static SqsQueue asked(String url) {
    return new SqsQueue(SqsServer.shared().client(List.of()), url);
  }

  private QueueWatch watch(String url, Duration freshFor) {
    return new QueueWatch(
        asked(url), settings(url, 4, 1), Duration.ofSeconds(40), freshFor, observer);
  }

  private static void hideFor(SqsServer.Queue queue, int seconds) {
    queue
        .client()
        .setQueueAttributes(
            request ->
                request
                    .queueUrl(queue.url())
                    .attributes(
                        Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, Integer.toString(seconds))));
  }

  @Test
  void changesAreSeenAndDoubtsToldOnce() {
    SqsServer.Queue dead = SqsServer.shared().newQueue(30);
    queue.redriveTo(dead, 2);
    QueueWatch watch = watch(queue.url(), Duration.ZERO);

    watch.look();
    watch.look();
    assertThat(observer.all(QueueRead.class)).hasSize(1);
    assertThat(observer.all(QueueDoubted.class))
        .extracting(QueueDoubted::detail)
        .satisfiesExactly(
            few -> assertThat(few).contains("after 2 receipts"),
            brief -> assertThat(brief).contains("hidden for 30s, and a batch may take 40s"));

    hideFor(queue, 120);
    assertThat(watch.look().visibility()).isEqualTo(Duration.ofMinutes(2));
    hideFor(queue, 30);
    watch.look();
    assertThat(observer.all(QueueRead.class)).hasSize(3);
    assertThat(observer.all(QueueDoubted.class)).hasSize(2);
  }

  @Test
  void whatIsFreshIsNotAskedFor() {
    QueueWatch watch = watch(queue.url(), Duration.ofHours(1));
    watch.look();
    hideFor(queue, 120);

    assertThat(watch.look().visibility()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aQueueThatDoesNotAnswerAnyMoreIsAsItWas() {
    QueueWatch watch = watch(queue.url(), Duration.ZERO);
    QueueAttributes known = watch.look();
    queue.client().deleteQueue(request -> request.queueUrl(queue.url()));

    assertThat(watch.look()).isEqualTo(known);
    assertThatThrownBy(watch(queue.url(), Duration.ZERO)::look)
        .isInstanceOf(QueueDoesNotExistException.class);
  }

  @Test
  void whatIsHeldStaysHiddenWhenTheQueueHidesForLonger() throws InterruptedException {
    SqsServer.Queue brief = SqsServer.shared().newQueue(2);
    SqsSource source = keep(source(brief, asked(brief.url()), Duration.ZERO));
    brief.send("{}");
    Delivery held = next(source);

    hideFor(brief, 600);
    eventually("seen", () -> observer.all(QueueRead.class).size() == 2);
    int before = observer.all(VisibilityExtended.class).size();
    eventually("extended", () -> observer.all(VisibilityExtended.class).size() > before);

    assertThat(brief.hidden()).isEqualTo(1);
    settle(held, Outcome.STORED);
    isEmptied(brief);
  }
}
